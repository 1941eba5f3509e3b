// Builds the addon with AddressSanitizer and UndefinedBehaviorSanitizer and runs the binding tests under them (Linux, GCC or Clang).
//   node scripts/sanitize.mjs [thread]     thread: the C++ tests alone, under ThreadSanitizer
// Leaks: the C++ tests must have none at all. Under Node, which frees little at exit, a leak counts if the code that asked for the
// memory is ours: the first frames of its stack, up to the first one of another module, are in hfbench.node. (A suppression list
// cannot say that: every stack ends in node, so it would hide ours too.)
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

/** Leaks in a LeakSanitizer log whose memory our addon asked for. */
function ourLeaks(log) {
  return log.split(/\n\n/).filter((record) => {
    if (!/(Direct|Indirect) leak of/.test(record)) return false;
    const modules = [...record.matchAll(/^\s+#\d+ .*\((\S+?)\+0x[0-9a-f]+\)/gm)].map((match) => match[1]);
    const frames = [...record.matchAll(/^\s+#\d+ .*$/gm)].map(([line]) => line);
    const first = frames.find((line) => !/operator new|\b(malloc|calloc|realloc|posix_memalign)\b/.test(line)) ?? '';
    return /hfbench\.node/.test(first) || (/\/binding\/\S+\.(cc|h):\d+/.test(first) && !modules.includes('node'));
  });
}

const config = ['--out', out, '--config', 'RelWithDebInfo', `--CDHFBENCH_SANITIZE=${sanitizers}`];
run(join('node_modules', '.bin', 'cmake-js'), ['compile', ...config]);

const options = 'abort_on_error=0:exitcode=99:strict_string_checks=1:detect_stack_use_after_return=1';
const undefinedOptions = 'print_stacktrace=1:halt_on_error=1';
const library = spawnSync(
  process.execPath,
  ['--input-type=module', '-e', "import { packagedOrtLibrary } from './dist/src/runtime/ort-library.js'; console.log(packagedOrtLibrary())"],
  { encoding: 'utf8' },
).stdout.trim();
run(join(built, 'hfbench_test'), [join(built, 'fake_ort.library'), library], {
  ASAN_OPTIONS: `${options}:detect_leaks=1`,
  UBSAN_OPTIONS: undefinedOptions,
  TSAN_OPTIONS: `halt_on_error=1:suppressions=${join('scripts', 'sanitize-thread.supp')}`,
});
if (threads) process.exit(0);

const logs = mkdtempSync(join(tmpdir(), 'hfbench-sanitize-'));
const runtime = compilerLibrary('libasan.so') ?? compilerLibrary(`libclang_rt.asan-${process.arch === 'x64' ? 'x86_64' : 'aarch64'}.so`);
// The C++ library goes first in line with the runtime: Node brings its own copy, in which the runtime looks for nothing to wrap.
const preload = [runtime, compilerLibrary('libstdc++.so.6')].filter(Boolean).join(' ');
run(process.execPath, ['scripts/test.mjs', 'binding/'], {
  HFBENCH_ADDON: join(process.cwd(), built, 'hfbench.node'),
  LD_PRELOAD: preload,
  ASAN_OPTIONS: `${options}:detect_leaks=1:log_path=${join(logs, 'log')}`,
  LSAN_OPTIONS: 'exitcode=0:print_suppressions=0',
  UBSAN_OPTIONS: undefinedOptions,
});
const leaks = readdirSync(logs).flatMap((name) => ourLeaks(readFileSync(join(logs, name), 'utf8')));
console.log(`sanitize: ${readdirSync(logs).length} logs, ${leaks.length} leaks of ours`);
if (leaks.length > 0) console.error(leaks.join('\n\n'));
rmSync(logs, { recursive: true });
process.exit(leaks.length > 0 ? 1 : 0);
