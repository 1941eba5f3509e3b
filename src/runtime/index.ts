// Chooses a runtime and loads only that one's module.

import { UsageError } from '../util/error.js';
import type { Runtime } from './session.js';

export const RUNTIMES = ['native', 'node', 'fake'] as const;
export type RuntimeName = (typeof RUNTIMES)[number];

export interface RuntimeChoice {
  name: RuntimeName;
  /** Another ONNX Runtime library than the one in the onnxruntime-node package; native only. */
  ortLibrary: string | null;
  /** Plugin libraries of providers; native only. */
  providerLibraries?: { name: string; path: string }[];
  /** Script of the fake runtime. */
  fakeScript: string | null;
  /** The case's model name: which part of the script to play. */
  model: string;
}

/** @throws UsageError when the choice is incomplete; OrtError when the library cannot be used */
export async function startRuntime(choice: RuntimeChoice): Promise<Runtime> {
  switch (choice.name) {
    case 'native': {
      const { nativeRuntime } = await import('./native.js');
      return nativeRuntime({ ortLibrary: choice.ortLibrary, providerLibraries: choice.providerLibraries ?? [] });
    }
    case 'node':
      return (await import('./node.js')).nodeRuntime();
    case 'fake': {
      if (choice.fakeScript === null) throw new UsageError('--runtime fake: needs --fake-script FILE');
      const { fakeRuntime, readFakeScript } = await import('./fake.js');
      return fakeRuntime(readFakeScript(choice.fakeScript), choice.model);
    }
  }
}
