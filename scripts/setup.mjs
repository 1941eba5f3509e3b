// Brings a checkout to the state in which hfbench runs: packages, native addon, compiled TypeScript.
// Does only what is out of date, so every npm script may call it first. Uses no package itself.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const quiet = process.argv.includes('--quiet');
const force = process.argv.includes('--force');
process.chdir(root);

/** The digest of the contents of the named files, sorted by path. */
function digest(paths) {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch} ${process.version}`);
  for (const path of [...paths].sort()) hash.update(path).update(readFileSync(path));
  return hash.digest('hex');
}

function filesBelow(folder, keep) {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, name))
    .filter((path) => keep(path) && statSync(path).isFile());
}

const isNative = (path) => /\.(cc|h|inc)$/.test(path);

/** What was compiled from sources that are gone would still be run, e.g. as a test. */
function removeOrphans() {
  if (!existsSync('dist')) return;
  for (const path of filesBelow('dist', (name) => name.endsWith('.js'))) {
    if (existsSync(`${path.slice('dist/'.length, -'.js'.length)}.ts`)) continue;
    for (const ending of ['.js', '.js.map', '.d.ts']) rmSync(path.replace(/\.js$/, ending), { force: true });
  }
}

/** Runs one step unless its stamp says that these very inputs were done before. */
function step(name, inputs, output, action, stamp = join('build', `.${name}.stamp`)) {
  const wanted = digest(inputs);
  if (!force && existsSync(output) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.error(`setup: ${name}`);
  const started = Date.now();
  action();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
  if (!quiet) console.error(`setup: ${name} done in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

function run(command, args, advice) {
  const child = spawnSync(command, args, {
    stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 2, 2],
    shell: process.platform === 'win32',
    // onnxruntime-node's install step downloads the CUDA provider; hfbench needs it only after `hfbench ep install cuda`.
    env: { ONNXRUNTIME_NODE_INSTALL: 'skip', ...process.env },
    maxBuffer: 1 << 28,
  });
  if (child.status === 0) return;
  if (quiet) process.stderr.write(`${child.stdout ?? ''}${child.stderr ?? ''}`);
  console.error(
    `setup: '${command} ${args.join(' ')}' failed${child.error ? `: ${child.error.message}` : ''}. ${advice}`,
  );
  process.exit(1);
}

const bin = (name) => join('node_modules', '.bin', name);

// A linked node_modules belongs to another checkout, which keeps it: npm would empty it through the link.
if (!lstatSync('node_modules', { throwIfNoEntry: false })?.isSymbolicLink()) {
  step(
    'packages',
    ['package-lock.json'],
    'node_modules/typescript',
    () =>
      run(
        'npm',
        ['ci', '--no-audit', '--no-fund', '--loglevel=error'],
        'Check the network and the npm registry settings.',
      ),
    'node_modules/.hfbench-stamp', // beside the packages: deleting them deletes it
  );
}
step(
  'addon',
  ['CMakeLists.txt', 'package-lock.json', ...['binding', 'test'].flatMap((folder) => filesBelow(folder, isNative))],
  'build/Release/hfbench.node',
  () =>
    run(bin('cmake-js'), ['compile', '--config', 'Release'], 'A C++20 compiler and CMake 3.22 or newer are needed.'),
);
step(
  'typescript',
  [
    'tsconfig.json',
    'package-lock.json',
    ...['src', 'models', 'binding', 'test', 'bench'].flatMap((folder) =>
      filesBelow(folder, (path) => path.endsWith('.ts') && !path.includes('node_modules')),
    ),
  ],
  'dist/src/cli/main.js',
  () => {
    removeOrphans();
    run(bin('tsc'), ['-p', '.'], 'Mend the errors named above.');
  },
);
