// Builds native/kernels_fuzz.cc with address and undefined-behaviour sanitizers and runs it.

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const compiler = process.env.CXX ?? 'c++';
const test = suite('kernels under sanitizers');

/** The same flags by file name as CMakeLists.txt. */
const FLAGS: [RegExp, string[]][] = [
  [/_avx2\.cc$/, ['-mavx2', '-mfma', '-mf16c', '-mbmi2']],
  [/_avx512\.cc$/, ['-mavx512f', '-mavx512bw', '-mavx512dq', '-mavx512vl', '-mavx2', '-mfma', '-mf16c', '-mbmi2']],
];
const foreign = process.arch === 'arm64' ? /_avx(2|512)\.cc$/ : /_neon\.cc$/;

function sources(): string[] {
  const wanted = (folder: string, pattern: RegExp) =>
    readdirSync(join(root, folder))
      .filter((name) => pattern.test(name) && !foreign.test(name))
      .map((name) => join(folder, name));
  return [
    ...wanted('binding/cpu', /\.cc$/),
    ...wanted('binding/preprocess', /^(image|audio|kernels).*\.cc$/),
    'test/preprocess/native/kernels_fuzz.cc',
  ];
}

const hasCompiler = process.platform !== 'win32' && spawnSync(compiler, ['--version']).status === 0;
const run = hasCompiler ? test : test.skip;

run('random sizes at every level: no byte read or written out of bounds, no level differs', () => {
  const folder = join(root, 'build', 'kernels-fuzz');
  mkdirSync(folder, { recursive: true });
  const common = ['-std=c++20', '-O1', '-g', '-ffp-contract=off', '-I.', '-fsanitize=address,undefined'];
  const objects = sources().map((source) => {
    const object = join(folder, `${basename(source)}.o`);
    const flags = FLAGS.filter(([pattern]) => pattern.test(source)).flatMap(([, list]) => list);
    const args = [...common, '-fno-sanitize-recover=all', ...flags, '-c', source, '-o', object];
    execFileSync(compiler, args, { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] });
    return object;
  });
  const program = join(folder, 'kernels_fuzz');
  execFileSync(compiler, [...objects, '-fsanitize=address,undefined', '-pthread', '-o', program], { cwd: root });
  const result = spawnSync(program, ['150', '1'], { encoding: 'utf8' });
  assert.is(result.status, 0, result.stderr.split('\n').slice(0, 12).join('\n'));
  assert.match(result.stdout, /^image [0-9a-f]{16} loops [0-9a-f]{16}\n$/);
});

test.run();
