// Which layers of a hybrid of Mamba and attention are which.

import { UsageError } from '../../src/util/error.js';

export interface HybridKeys {
  num_hidden_layers: number;
  /** Null: by the period. */
  layers_block_type: readonly string[] | null;
  attn_layer_period: number;
  attn_layer_offset: number;
}

/** 'mamba' or 'hybrid' for each layer. @throws UsageError */
export function hybridKinds(c: HybridKeys): readonly string[] {
  const kinds = c.layers_block_type ?? [
    'mamba',
    'mamba',
    'hybrid',
    ...Array.from({ length: Math.max(0, c.num_hidden_layers - 3) }, (_, i) =>
      i % c.attn_layer_period === c.attn_layer_offset ? 'hybrid' : 'mamba',
    ),
  ];
  const strange = kinds.find((kind) => kind !== 'mamba' && kind !== 'hybrid');
  if (strange !== undefined)
    throw new UsageError(`layers_block_type: '${strange}' is not supported; known: mamba, hybrid`);
  if (kinds.length !== c.num_hidden_layers)
    throw new UsageError(`layers_block_type: ${kinds.length} entries for num_hidden_layers ${c.num_hidden_layers}`);
  return kinds;
}
