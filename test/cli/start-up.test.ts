// Help and lists come at once because they load next to nothing: told from the modules that Node loaded.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { hfbench } from '../support/cli.js';

/** Paths of the files that a command loaded. */
async function loadedBy(...args: string[]): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'hfbench-coverage-'));
  try {
    const { code } = await hfbench(args, folder, { NODE_V8_COVERAGE: join(folder, 'coverage') });
    assert.is(code, 0);
    const [file] = readdirSync(join(folder, 'coverage'));
    const { result } = JSON.parse(readFileSync(join(folder, 'coverage', file!), 'utf8')) as {
      result: { url: string }[];
    };
    return result.map(({ url }) => url).filter((url) => url.startsWith('file:'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('--help loads the command line, commander and little else', async () => {
  const loaded = await loadedBy('--help');
  const own = loaded.filter((url) => url.includes('/dist/'));
  assert.ok(own.length <= 8, own.join('\n'));
  const packages = loaded.filter((url) => url.includes('/node_modules/'));
  assert.equal(
    packages.filter((url) => !url.includes('/commander/')),
    [],
  );
});

test('models loads the registry, but no model page and no graph builder', async () => {
  const loaded = await loadedBy('models');
  const pages = loaded.filter((url) => /\/dist\/models\/[^/]+\//.test(url));
  assert.equal(pages, []);
  assert.equal(
    loaded.filter((url) => /onnxruntime|protobufjs|\/dist\/src\/graph\//.test(url)),
    [],
  );
});

test('run --help loads no runtime', async () => {
  const loaded = await loadedBy('run', '--help');
  assert.equal(
    loaded.filter((url) => /onnxruntime|protobufjs|hfbench\.node|\/dist\/src\/graph\//.test(url)),
    [],
  );
});

test.run();
