// Providers of plugin libraries (--ep-library name=path, ONNX Runtime 1.22 and newer): ONNX Runtime passes their options on
// unseen, so only the library knows which there are.

import type { Provider } from './provider.js';

/** @param page of a built-in provider of that name, whose options and presets then hold for the plugin */
export function pluginProvider(name: string, page: Provider | null): Provider {
  const hint = () => `give the provider's library with --ep-library ${name}=PATH; it needs ONNX Runtime 1.22 or newer`;
  return {
    ortName: page?.ortName ?? name,
    title: page?.title ?? `the plugin ${name}`,
    platforms: ['linux', 'win32', 'darwin'],
    options: page?.options ?? { '*': { description: 'Whatever the plugin knows.' } },
    preset: page?.preset ?? {},
    availability: () => ({ state: 'available' }),
    installHint: hint,
  };
}
