// Sessions that nobody closes: the process, a worker thread or the garbage collector ends them.

import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { addonPath } from '../../binding/index.js';
import { packagedOrtLibrary } from '../../src/runtime/ort-library.js';

const root = new URL('../../../', import.meta.url);
const fake = join(dirname(addonPath()), 'fake_ort.library');
const test = suite('lifetime');

/** Runs code in a fresh process; `open()` there gives a session that is bound and ready to run. */
function inProcess(code: string, { library = packagedOrtLibrary(), flags = [] as string[] } = {}) {
  const prelude = `
    import { Worker, isMainThread } from 'node:worker_threads';
    import { loadAddon } from './dist/binding/index.js';
    import { matmulModel } from './dist/test/support/onnx.js';
    import { floats, sessionConfig } from './dist/test/support/ort.js';
    const ones = new Uint8Array(new Float32Array(6).fill(1).buffer);
    const library = loadAddon().openLibrary(${JSON.stringify(library)});
    const live = () => loadAddon().openLibrary(library.path).buildInfo.split(';')[0];
    async function open() {
      const session = await library.openSession({ ...sessionConfig, modelBytes: matmulModel('n', 2, 3, ones) });
      await session.bind([floats('x', [1, 2], [1, 2])]);
      return session;
    }\n`;
  return spawnSync(process.execPath, [...flags, '--input-type=module', '-e', prelude + code], {
    cwd: root,
    encoding: 'utf8',
    timeout: 120_000,
    env: { ...process.env, HFBENCH_FAKE_ORT_VERSION: '1.30.0', HFBENCH_FAKE_ORT_MODE: '' },
  });
}

function assertClean({ status, signal, stdout, stderr }: ReturnType<typeof inProcess>, output: string): void {
  assert.equal({ status, signal, stderr, output: stdout.trim() }, { status: 0, signal: null, stderr: '', output });
}

test('a process may end with open sessions', () => {
  assertClean(inProcess('const s = await open(); await s.runOnce(); console.log("end")'), 'end');
});

test('process.exit in the middle of a block ends it after its current run', () => {
  const code =
    'const s = await open(); s.sample(100_000_000 / 4, 2); setTimeout(() => { console.log("exit"); process.exit() }, 100)';
  assertClean(inProcess(code), 'exit');
});

test('process.exit while a session opens, at any moment of it', () => {
  for (const delayMs of [0, 0, 1, 2, 4, 8]) {
    assertClean(inProcess(`open(); setTimeout(() => { console.log('exit'); process.exit() }, ${delayMs})`), 'exit');
  }
});

test('pending work keeps the process alive, an idle session does not', () => {
  assertClean(
    inProcess('const s = await open(); s.sample(1000).then(({ durationsNs }) => console.log(durationsNs.length))'),
    '1000',
  );
});

test('worker threads have sessions of their own and may be terminated while they sample', () => {
  const work = `
    import { parentPort, workerData } from 'node:worker_threads';
    const { loadAddon } = await import(workerData.root + 'dist/binding/index.js');
    const { matmulModel } = await import(workerData.root + 'dist/test/support/onnx.js');
    const { floats, sessionConfig } = await import(workerData.root + 'dist/test/support/ort.js');
    const library = loadAddon().openLibrary(workerData.library);
    const modelBytes = matmulModel('n', 2, 3, new Uint8Array(24));
    const session = await library.openSession({ ...sessionConfig, modelBytes });
    await session.bind([floats('x', [1, 2], [1, 2])]);
    parentPort.postMessage((await session.sample(10)).durationsNs.length);
    session.sample(20_000_000);`;
  const code = `
    const data = { root: ${JSON.stringify(root.href)}, library: library.path };
    const workers = [1, 2].map(() => new Worker(${JSON.stringify(work)}, { eval: true, workerData: data }));
    const counts = await Promise.all(workers.map((worker) => new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    })));
    await Promise.all(workers.map((worker) => worker.terminate()));
    const session = await open();
    console.log(...counts, (await session.sample(5)).durationsNs.length);`;
  assertClean(inProcess(code), '10 10 5');
});

test('the garbage collector frees sessions that were dropped', () => {
  const code = `
    for (let i = 0; i < 50; i++) await (await open()).runOnce();
    for (let i = 0; i < 20 && live() !== 'live 0'; i++) {
      globalThis.gc();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    console.log(live());`;
  assertClean(inProcess(code, { library: fake, flags: ['--expose-gc'] }), 'live 0');
});

test('a session that does not open leaves nothing behind', () => {
  const code = `
    let refused = 0;
    for (let i = 0; i < 200; i++) {
      await library.openSession({ ...sessionConfig, modelBytes: new TextEncoder().encode('!') }).catch(() => refused++);
    }
    console.log(refused, live(), process.report.getReport().libuv.filter(({ type }) => type === 'async').length < 10);`;
  assertClean(inProcess(code, { library: fake }), '200 live 0 true');
});

test.run();
