// Builds the addon with AddressSanitizer and UndefinedBehaviorSanitizer and runs the binding tests under them (Linux, GCC or Clang).
//   node scripts/sanitize.mjs [thread]     thread: the C++ tests alone, under ThreadSanitizer
// A leak counts if the code that asked for the memory is ours, i.e. the first frame of its stack that is no allocator's. A list of
// suppressions cannot say that: every stack of the addon ends in node, so hiding node's leaks would hide ours too. ONNX Runtime's
// own count if there are many of a kind: then they come with every session, like an object that we forgot to release.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const threads = process.argv[2] === 'thread';
const sanitizers = threads ? 'thread' : 'address,undefined';
const out = join('build', threads ? 'SanitizeThread' : 'Sanitize');
const built = join(out, 'RelWithDebInfo');

function run(command, args, env = {}) {
  console.log(`sanitize: ${command} ${args.join(' ')}`);
  const child = spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, ...env } });
  if (child.status === 0) return;
  console.error(`sanitize: failed (${child.error?.message ?? child.signal ?? `exit code ${child.status}`})`);
  process.exit(1);
}

/** The path of a library of the compiler that the build chose; null if it has none of that name. */
function compilerLibrary(name) {
  const compiler = /^CMAKE_CXX_COMPILER:\w+=(.*)$/m.exec(readFileSync(join(out, 'CMakeCache.txt'), 'utf8'))[1];
  const path = spawnSync(compiler, [`-print-file-name=${name}`], { encoding: 'utf8' }).stdout.trim();
  return path === name ? null : path;
}

const MANY = 50;

/** Leaks in LeakSanitizer's logs that are ours to mend. */
function ourLeaks(folder) {
  const logs = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
  return logs
    .flatMap((log) => log.split('\n\n'))
    .filter((record) => {
      const objects = Number(/(?:Direct|Indirect) leak of \d+ byte\(s\) in (\d+) object/.exec(record)?.[1] ?? 0);
      const frames = [...record.matchAll(/^\s+#\d+ .*$/gm)].map(([line]) => line);
      const asker = frames.find((line) => !/operator new|\b\w*(malloc|calloc|realloc|memalign)\b/.test(line)) ?? '';
      return (
        objects > 0 && (/hfbench|fake_ort|\/binding\//.test(asker) || (/onnxruntime/.test(asker) && objects >= MANY))
      );
    });
}

const config = ['--out', out, '--config', 'RelWithDebInfo', `--CDHFBENCH_SANITIZE=${sanitizers}`];
run(join('node_modules', '.bin', 'cmake-js'), ['compile', ...config]);

const logs = mkdtempSync(join(tmpdir(), 'hfbench-sanitize-'));
const settings = {
  ASAN_OPTIONS: `exitcode=99:strict_string_checks=1:detect_leaks=1:log_path=${join(logs, 'log')}`,
  LSAN_OPTIONS: 'exitcode=0', // leaks are judged below; every other finding ends the process with 99
  UBSAN_OPTIONS: 'print_stacktrace=1:halt_on_error=1',
  TSAN_OPTIONS: 'halt_on_error=1:exitcode=99',
};
const library = spawnSync(
  process.execPath,
  [
    '--input-type=module',
    '-e',
    "import { packagedOrtLibrary } from './dist/src/runtime/ort-library.js'; console.log(packagedOrtLibrary())",
  ],
  { encoding: 'utf8' },
).stdout.trim();
run(join(built, 'hfbench_test'), [join(built, 'fake_ort.library'), ...(threads ? [] : [library])], settings);
if (!threads) {
  const clang = `libclang_rt.asan-${process.arch === 'x64' ? 'x86_64' : 'aarch64'}.so`;
  // The C++ library too: the runtime wraps its exceptions, and Node brings a copy in which it would not find them.
  const preload = [compilerLibrary('libasan.so') ?? compilerLibrary(clang), compilerLibrary('libstdc++.so.6')];
  run(process.execPath, ['scripts/test.mjs', 'binding/'], {
    ...settings,
    HFBENCH_ADDON: join(process.cwd(), built, 'hfbench.node'),
    LD_PRELOAD: preload.filter(Boolean).join(' '),
  });
}
const leaks = ourLeaks(logs);
console.log(`sanitize: ${readdirSync(logs).length} logs of leaks, ${leaks.length} of them ours`);
if (leaks.length > 0) console.error(leaks.join('\n\n'));
rmSync(logs, { recursive: true });
process.exit(leaks.length > 0 ? 1 : 0);
