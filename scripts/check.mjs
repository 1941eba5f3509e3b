// Everything that can be said of the code without running it: format, lint, types, layers, the generated index.
//   node scripts/check.mjs         (npm run check)
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const WINDOWS = process.platform === 'win32';
const result = { passed: 0, failed: 0 };

function report(name, problems) {
  result[problems === null ? 'passed' : 'failed']++;
  console.log(`${problems === null ? 'ok  ' : 'FAIL'} ${name}`);
  if (problems !== null) console.log(problems);
}

/** Runs a program; its output is shown only when it fails. */
function program(name, command, args) {
  const child = spawnSync(command, args, { encoding: 'utf8', shell: WINDOWS, maxBuffer: 1 << 28 });
  const failed = child.status !== 0 || child.error !== undefined;
  report(name, failed ? `${child.stdout ?? ''}${child.stderr ?? ''}${child.error ? child.error.message : ''}` : null);
}

function filesBelow(folder, pattern) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, name))
    .filter((path) => pattern.test(path));
}

/** What a folder of binding/ may include besides itself. The pure layers know the standard library only. */
const NATIVE_LAYERS = {
  cpu: [],
  memory: [],
  system: ['cpu', 'memory'],
  preprocess: ['cpu', 'memory'],
  sampler: ['cpu', 'memory'],
  weights: ['cpu', 'memory'],
  ort: ['cpu', 'memory', 'system', 'sampler', 'weights'],
  glue: ['cpu', 'memory', 'system', 'preprocess', 'sampler', 'weights', 'ort', 'napi_setup.h'],
};

function nativeLayers() {
  const problems = [];
  for (const path of filesBelow('binding', /\.(cc|h|inc)$/)) {
    const layer = dirname(path).split(/[\\/]/)[1];
    if (layer === undefined) continue; // addon.cc and napi_setup.h tie the layers together
    const allowed = NATIVE_LAYERS[layer];
    if (allowed === undefined) {
      problems.push(
        `${path}: binding/${layer} has no row in NATIVE_LAYERS of scripts/check.mjs: say what it may include`,
      );
      continue;
    }
    for (const [, included, angled] of readFileSync(path, 'utf8').matchAll(
      /^#include (?:"binding\/([^/"]+)|<(napi|node_api)[^>]*>)/gm,
    )) {
      if (angled) problems.push(`${path}: includes ${angled}.h; only napi_setup.h does`);
      else if (included !== layer && !allowed.includes(included)) {
        const may = allowed.length === 0 ? 'the standard library only' : `${allowed.join(', ')} only`;
        problems.push(
          `${path}: includes binding/${included}; binding/${layer} may use ${may}: pass what it needs as an argument`,
        );
      }
    }
  }
  return problems.length === 0 ? null : problems.join('\n');
}

const bin = (name) => join('node_modules', '.bin', name);
program('format and lint', bin('biome'), ['check', '--error-on-warnings', '.']);
program('types', bin('tsc'), ['-p', '.', '--noEmit', '--incremental', 'false']);
const cruised = ['src', 'models', 'binding', 'test', 'bench', 'scripts'].filter((folder) => existsSync(folder));
program('layers of TypeScript', bin('depcruise'), ['--config', '.dependency-cruiser.mjs', ...cruised]);
report('layers of C++', nativeLayers());
program('index of models', process.execPath, ['scripts/models-index.mjs', '--check']);
const native = filesBelow('binding', /\.(cc|h)$/);
if (spawnSync('clang-format', ['--version'], { shell: WINDOWS }).status === 0) {
  program('format of C++', 'clang-format', ['--dry-run', '-Werror', ...native]);
} else console.log('skip format of C++: clang-format is not installed');

console.log(`${result.passed} passed, ${result.failed} failed`);
process.exit(result.failed > 0 ? 1 : 0);
