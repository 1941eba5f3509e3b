import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { checkProviderOptions, loadProvider, providerNames } from '../../src/provider/index.js';
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

test.run();
