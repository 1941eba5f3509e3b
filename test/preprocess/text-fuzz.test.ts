// Builds the text kernels with sanitizers and feeds them random programs and text (test/preprocess/native/text_fuzz.cc).

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const ROUNDS = '4000';

function run(command: string, args: string[]): string {
  const child = spawnSync(command, args, { encoding: 'utf8' });
  assert.is(child.status, 0, `${command}: ${child.error?.message ?? child.stderr.slice(0, 4000)}`);
  return child.stdout;
}

// The compiler that built the addon is there; what is asked for here are the sanitizers of GCC and Clang.
(process.platform === 'win32' ? test.skip : test)(`${ROUNDS} random tokenizers read no byte too far`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'hfbench-fuzz-'));
  test.after(() => rmSync(folder, { recursive: true }));
  const kernels = readdirSync('binding/preprocess').filter((name) => /^text_.*\.cc$/.test(name));
  const program = join(folder, 'text_fuzz');
  run(process.env.CXX ?? 'c++', [
    ...[
      '-std=c++20',
      '-O1',
      '-g',
      '-I.',
      '-fsanitize=address,undefined',
      '-fno-sanitize-recover=all',
      '-D_GLIBCXX_ASSERTIONS',
    ],
    ...['test/preprocess/native/text_fuzz.cc', ...kernels.map((name) => `binding/preprocess/${name}`), '-o', program],
  ]);
  assert.is(run(program, [ROUNDS, '1']), 'done\n');
});

test.run();
