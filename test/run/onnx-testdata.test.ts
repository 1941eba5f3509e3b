// Some two hundred models that others made: ONNX's own test data, as Debian packages it (libonnx-testdata). What ONNX Runtime
// can load and run must measure; everything else must fail with a reason, and nothing may stop the rest.

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { folderWith, hfbench } from '../support/cli.js';
import { ROOT } from '../support/golden.js';

const DATA = '/usr/share/libonnx-testdata/data';
const installed = existsSync(DATA);
if (!installed) console.log('skipped: libonnx-testdata is not installed (apt-get install libonnx-testdata)');

/** Every fifth model of each group, in a fixed order. */
function chosen(): string[] {
  const groups = readdirSync(DATA).sort();
  return groups.flatMap((group) => {
    const models = readdirSync(join(DATA, group))
      .map((name) => join(DATA, group, name, 'model.onnx'))
      .filter((path) => existsSync(path))
      .sort();
    return models.filter((_, index) => index % 5 === 0);
  });
}

/** The models for which onnxruntime-node makes a session, asked for in a process of its own, without any of our code. */
function loadable(paths: readonly string[]): Set<string> {
  const script = `
    const { InferenceSession } = require('onnxruntime-node');
    (async () => {
      for (const path of require('node:fs').readFileSync(0, 'utf8').split('\\n')) {
        const error = await InferenceSession.create(path, { logSeverityLevel: 4 }).then(() => null, (error) => error);
        if (error === null) console.log(path);
      }
    })();`;
  const { stdout, status } = spawnSync(process.execPath, ['-e', script], {
    cwd: ROOT,
    input: paths.join('\n'),
    encoding: 'utf8',
  });
  assert.is(status, 0);
  return new Set(stdout.trim().split('\n'));
}

(installed ? test : test.skip)('200 foreign models through --model-file', async () => {
  const paths = chosen();
  assert.ok(paths.length >= 200, `${paths.length} models`);
  const quickly = ['--min-time', '0', '--max-time', '1ms', '--min-samples', '1', '--case-timeout', '60s'];
  const { stdout, code } = await hfbench(['run', ...paths, ...quickly, '--format', 'jsonl'], folderWith());
  assert.is(code, 3);
  const rows = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.is(rows.length, paths.length);

  const canLoad = loadable(paths);
  const wrong: string[] = [];
  let measured = 0;
  for (const [index, { status, reason, reason_text: text, latency_median_ns: median }] of rows.entries()) {
    const path = paths[index]!;
    if (status === 'measured') {
      measured++;
      if (!(median > 0)) wrong.push(`${path}: measured ${median} ns`);
      continue;
    }
    // Sequences, optionals, strings: a signature from which no input can be made; or ONNX Runtime does not run it either.
    const refused = status === 'unsupported' ? reason === 'operator' : reason === 'ort-error' || reason === 'bad-input';
    const cleanly = (status === 'unsupported' && reason === 'input-type') || (refused && !canLoad.has(path));
    if (!cleanly || !text || /\n/.test(text)) wrong.push(`${path}: ${status} ${reason}: ${text}`);
  }
  assert.equal(wrong, []);
  assert.ok(measured >= 180, `${measured} measured`);
});

test.run();
