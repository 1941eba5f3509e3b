// SqueezeBERT: BERT's linear layers as grouped convolutions of one place, which mix fewer features.
// Iandola et al. 2020, arXiv:2006.11316.

import { add, conv, reshape, type Scope, swapAxes, type Tensor } from '../../src/graph/index.js';
import { UsageError } from '../../src/util/error.js';
import { activation } from '../blocks/activation.js';
import { attend } from '../blocks/attention.js';
import { bertIgnored, bertInputs, bertTiny, coreFields } from '../blocks/bert-config.js';
import { bertEmbeddings } from '../blocks/bert-embedding.js';
import { embeddingOptions, headOptions } from '../blocks/bert-model.js';
import { embedding } from '../blocks/linear.js';
import { paddingMask } from '../blocks/mask.js';
import { layerNorm } from '../blocks/norm.js';
import { unusedPooler, wordHead } from '../blocks/word-head.js';
import { type ConfigOf, defineConfig } from '../config.js';
import { defineModel } from '../define.js';

const config = defineConfig(
  {
    ...coreFields,
    embedding_size: 768,
    q_groups: 4,
    k_groups: 4,
    v_groups: 4,
    post_attention_groups: 1,
    intermediate_groups: 4,
    output_groups: 4,
  },
  bertIgnored,
);
type Config = ConfigOf<typeof config>;

/** Of the norms between the layers: the class does not pass layer_norm_eps on to them. */
const EPSILON = 1e-12;

export default defineModel({
  family: 'squeezebert',
  architectures: ['SqueezeBertForMaskedLM'],
  modelTypes: ['squeezebert'],
  task: 'fill-mask',
  config,
  variants: {
    squeezebert: { checkpoint: 'squeezebert/squeezebert-uncased', parameters: 51_712_314, config: {} },
  },
  tiny: { ...bertTiny, embedding_size: 32, intermediate_size: 40, k_groups: 2 },
  preprocess: { text: 'WordPiece' },
  inputs: bertInputs,
  graph(g, inputs, c) {
    if (c.embedding_size !== c.hidden_size)
      throw new UsageError(`squeezebert.embedding_size: ${c.embedding_size} must be hidden_size (${c.hidden_size})`);
    const words = embedding(g.at('transformer.embeddings.word_embeddings'), c.vocab_size, c.embedding_size);
    const embedded = bertEmbeddings(
      g.at('transformer.embeddings'),
      words.lookup(inputs.input_ids),
      embeddingOptions(c, inputs),
    );
    const mask = paddingMask(inputs.attention_mask);
    let x = swapAxes(embedded, 1, 2); // [batch, hidden_size, seq], as convolutions have it
    for (const layer of g.layers('transformer.encoder.layers', c.num_hidden_layers)) x = squeezed(layer, x, mask, c);
    unusedPooler(g.at('transformer.pooler'), c.hidden_size);
    const h = swapAxes(x, 1, 2);
    return { logits: wordHead(g.at('cls.predictions'), h, { words, ...headOptions(c) }) }; // [batch, seq, vocab_size]
  },
});

/** x [batch, in, seq] -> [batch, width, seq]. */
function pointwise(scope: Scope, x: Tensor, width: number, groups: number): Tensor {
  const weight = scope.parameter('weight', [width, (x.dim(1) as number) / groups, 1]);
  return conv(x, weight, scope.parameter('bias', [width]), { groups });
}

function squeezed(layer: Scope, x: Tensor, mask: Tensor | null, c: Config): Tensor {
  const [batch, width, seq] = [x.dim(0), c.hidden_size, x.dim(2)];
  const heads = (name: string, groups: number): Tensor => {
    const made = pointwise(layer.at(`attention.${name}`), x, width, groups);
    const parts = [batch, c.num_attention_heads, width / c.num_attention_heads, seq];
    return swapAxes(reshape(made, parts), 2, 3); // [batch, heads, seq, head width]
  };
  const mixed = attend(heads('query', c.q_groups), heads('key', c.k_groups), heads('value', c.v_groups), { mask });
  const merged = reshape(swapAxes(mixed, 2, 3), [batch, width, seq]);
  const close = (name: string, y: Tensor, residual: Tensor, groups: number): Tensor => {
    const sum = add(pointwise(layer.at(`${name}.conv1d`), y, width, groups), residual);
    return swapAxes(layerNorm(layer.at(`${name}.layernorm`), swapAxes(sum, 1, 2), EPSILON), 1, 2);
  };
  const attended = close('post_attention', merged, x, c.post_attention_groups);
  const inner = pointwise(layer.at('intermediate.conv1d'), attended, c.intermediate_size, c.intermediate_groups);
  return close('output', activation(c.hidden_act)(inner), attended, c.output_groups);
}
