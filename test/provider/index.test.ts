import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { checkOptions, checkProviderOptions, loadProvider, providerNames } from '../../src/provider/index.js';
import { inLibrary } from '../../src/provider/provider.js';

test('every file of the folder is a provider that says what it must', async () => {
  assert.ok(providerNames().includes('cpu'));
  for (const name of providerNames()) {
    const provider = await loadProvider(name);
    const context = { platform: process.platform, arch: process.arch, libraryProviders: [] };
    assert.match(provider.ortName, /^[A-Za-z]+ExecutionProvider$/, name);
    assert.ok(provider.title.length > 0, name);
    assert.ok(provider.installHint(context).length > 0, name);
    const availability = provider.availability(context);
    assert.is(availability.state, 'unavailable', `${name} in a library without any provider`);
  }
});

test('a library may spell a provider either way', () => {
  const context = (...libraryProviders: string[]) => ({
    platform: process.platform,
    arch: process.arch,
    libraryProviders,
  });
  assert.ok(inLibrary('CPUExecutionProvider', context('CUDAExecutionProvider', 'CPUExecutionProvider')));
  assert.ok(inLibrary('CPUExecutionProvider', context('cpu')));
  assert.not(inLibrary('CPUExecutionProvider', context('webgpu')));
});

test('cpu is available where the library lists it', async () => {
  const cpu = await loadProvider('cpu');
  const context = { platform: process.platform, arch: process.arch, libraryProviders: ['CPUExecutionProvider'] };
  assert.equal(cpu.availability(context), { state: 'available' });
});

test('unknown names and options are refused with the known ones', async () => {
  for (const [call, message] of [
    [() => loadProvider('cpuu'), /did you mean 'cpu'/],
    [() => loadProvider('index'), /no such provider/],
    [() => loadProvider('provider'), /no such provider/],
    [() => loadProvider('../cli/main'), /no such provider/],
    [() => checkProviderOptions('cpu', { x: '1' }), /provider cpu has no such option; it has none/],
  ] as const) {
    try {
      await call();
      assert.unreachable();
    } catch (error) {
      assert.match((error as Error).message, message);
    }
  }
});

test('presets are options that the page itself accepts', async () => {
  for (const name of providerNames()) {
    const page = await loadProvider(name);
    checkOptions(name, page, page.preset);
    if (page.threadsOption) checkOptions(name, page, { [page.threadsOption]: '4' });
  }
});

test('values are checked, the nearest name is told, inherited names are none', async () => {
  const cuda = await loadProvider('cuda');
  checkOptions('cuda', cuda, { device_id: '1', cudnn_conv_algo_search: 'HEURISTIC' });
  for (const [options, message] of [
    [{ devce_id: '1' }, /did you mean 'device_id'/],
    [{ device_id: 'one' }, /cuda:device_id=one: expected a whole number/],
    [{ cudnn_conv_algo_search: 'heuristic' }, /expected EXHAUSTIVE, HEURISTIC, DEFAULT/],
    [{ enable_cuda_graph: '10' }, /expected 0 or 1/],
    [{ constructor: '1' } as unknown as Record<string, string>, /no such option/],
  ] as const) {
    assert.throws(() => checkOptions('cuda', cuda, options as Record<string, string>), message);
  }
});

test('a plugin has the options of the page of its name, or any', async () => {
  const own = await loadProvider('mine', ['mine']);
  checkOptions('mine', own, { whatever: 'x' });
  assert.equal(own.availability({ platform: 'linux', arch: 'x64', libraryProviders: [] }), { state: 'available' });
  const cuda = await loadProvider('cuda', ['cuda']);
  assert.is(cuda.ortName, 'CUDAExecutionProvider');
  assert.throws(() => checkOptions('cuda', cuda, { whatever: 'x' }), /no such option/);
});

test('where a provider does not exist, the systems are told', async () => {
  const { availability } = await loadProvider('directml');
  const found = availability({ platform: 'linux', arch: 'x64', libraryProviders: ['CPUExecutionProvider'] });
  assert.is(found.state === 'unavailable' && found.reason, 'DirectML exists on Windows only');
  const listed = availability({ platform: 'win32', arch: 'x64', libraryProviders: ['dml'] });
  assert.equal(listed, { state: 'available' });
});

test.run();
