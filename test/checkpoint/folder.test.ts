import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readJson } from '../../src/checkpoint/folder.js';
import { UsageError } from '../../src/util/error.js';

const folder = mkdtempSync(join(tmpdir(), 'hfbench-test-'));
const files = suite('JSON files of a model');
files.after(() => rmSync(folder, { recursive: true }));

const read = (text: string): Record<string, unknown> => {
  const path = join(folder, 'config.json');
  writeFileSync(path, text);
  return readJson(path);
};

files('infinities as Python writes them are numbers, and strings stay as they are', () => {
  assert.equal(read('{"time_step_limit": [0.0, Infinity], "low": -Infinity, "NaN": "say \\"Infinity, NaN"}'), {
    time_step_limit: [0, Number.POSITIVE_INFINITY],
    low: Number.NEGATIVE_INFINITY,
    NaN: 'say "Infinity, NaN',
  });
});

files('what is no JSON object is refused by the name of the file', () => {
  for (const text of ['{"a": }', '{"a": Infinit}', '[1]', 'null'])
    assert.throws(
      () => read(text),
      (error: Error) =>
        error instanceof UsageError && /config\.json: (not JSON|expected a JSON object)/.test(error.message),
    );
});

files.run();
