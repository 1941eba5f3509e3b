// Names under which checkpoints store the entries of a state dict.

import type { StoredTensor } from './safetensors.js';

/** Spellings from before LayerNorm's parameters were called weight and bias. */
const OLD_ENDINGS: [string, string][] = [
  ['.weight', '.gamma'],
  ['.bias', '.beta'],
];

/**
 * The stored tensor of a state-dict name: by that name, by an old spelling, or without its first part where the
 * checkpoint is the bare model ('transformer.wte.weight' is stored as 'wte.weight').
 */
export function findTensor(tensors: ReadonlyMap<string, StoredTensor>, name: string): StoredTensor | undefined {
  const bare = name.slice(name.indexOf('.') + 1);
  for (const candidate of bare === name ? [name] : [name, bare]) {
    const found = tensors.get(candidate);
    if (found) return found;
    for (const [ending, old] of OLD_ENDINGS) {
      if (!candidate.endsWith(ending)) continue;
      const renamed = tensors.get(candidate.slice(0, -ending.length) + old);
      if (renamed) return renamed;
    }
  }
  return undefined;
}
