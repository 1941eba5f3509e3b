// LiLT: a RoBERTa for text and a narrow encoder for the layout of its boxes run side by side; both mix by the sum of their
// attention scores, so that the text's language can be exchanged.
// Wang et al. 2022, arXiv:2202.13669.

import { add, concat, mul, type Scope, slice, type Tensor } from '../../src/graph/index.js';
import { attend, mergeHeads, splitHeads } from '../blocks/attention.js';
import { bertFields, bertIgnored, bertTiny } from '../blocks/bert-config.js';
import { bertEmbeddings, placesOfWords } from '../blocks/bert-embedding.js';
import { bertLayer } from '../blocks/bert-layer.js';
import { embeddingOptions, layerOptions } from '../blocks/bert-model.js';
import { boxEmbeddings } from '../blocks/box-embedding.js';
import { embedding, linear } from '../blocks/linear.js';
import { paddingMask } from '../blocks/mask.js';
import { layerNorm } from '../blocks/norm.js';
import { relativeKeys } from '../blocks/relative-position.js';
import { robertaInputs } from '../blocks/roberta.js';
import { pooler } from '../blocks/word-head.js';
import { type ConfigOf, classes, defineConfig } from '../config.js';
import { constant, defineModel, type Outputs } from '../define.js';

const config = defineConfig(
  {
    ...bertFields,
    architectures: classes('LiltForTokenClassification', 'LiltModel'),
    pad_token_id: 0,
    channel_shrink_ratio: 4,
    max_2d_position_embeddings: 1024,
    num_labels: 2,
  },
  bertIgnored,
);
type Config = ConfigOf<typeof config>;

export default defineModel({
  family: 'lilt',
  architectures: ['LiltForTokenClassification', 'LiltModel'],
  modelTypes: ['lilt'],
  task: 'token-classification',
  config,
  variants: {
    lilt: {
      checkpoint: 'SCUT-DLVCLab/lilt-roberta-en-base',
      parameters: 130_755_008,
      config: {
        architectures: ['LiltModel'],
        vocab_size: 50_265,
        max_position_embeddings: 514,
        type_vocab_size: 1,
        layer_norm_eps: 1e-5,
        pad_token_id: 1,
      },
    },
  },
  tiny: { ...bertTiny, hidden_size: 48, channel_shrink_ratio: 2, max_2d_position_embeddings: 64, num_labels: 5 },
  preprocess: { text: 'byte-level BPE' },
  inputs: (c) => ({ ...robertaInputs(c), bbox: constant(0, 'batch', 'seq', 4) }),
  graph(g, { input_ids, attention_mask, token_type_ids, position_ids, bbox }, c): Outputs {
    const labels = c.architectures[0] === 'LiltForTokenClassification';
    const scope = g.at(labels ? 'lilt' : '');
    const positions = position_ids ?? placesOfWords(input_ids, c.pad_token_id, c.max_position_embeddings);
    const words = embedding(scope.at('embeddings.word_embeddings'), c.vocab_size, c.hidden_size);
    let text = bertEmbeddings(scope.at('embeddings'), words.lookup(input_ids), {
      ...embeddingOptions(c, { token_type_ids }),
      positions,
    }); // [batch, seq, hidden_size]
    let layout = embedBoxes(scope.at('layout_embeddings'), bbox, positions, c); // [batch, seq, narrow]
    const mask = paddingMask(attention_mask);
    for (const layer of scope.layers('encoder.layer', c.num_hidden_layers))
      [text, layout] = jointLayer(layer, text, layout, mask, c);
    if (!labels) return { last_hidden_state: text, pooler_output: pooler(scope.at('pooler'), text) };
    return { logits: linear(g.at('classifier'), text, c.num_labels) }; // [batch, seq, num_labels]
  },
});

const narrow = (c: Config): number => Math.floor(c.hidden_size / c.channel_shrink_ratio);

/** The box's corners, height and width side by side, made narrow; then the places of the words. */
function embedBoxes(scope: Scope, bbox: Tensor, positions: Tensor, c: Config): Tensor {
  const parts = boxEmbeddings(scope, bbox, c.max_2d_position_embeddings, Math.floor(c.hidden_size / 6));
  const box = linear(scope.at('box_linear_embeddings'), concat(parts, -1), narrow(c));
  const places = embedding(scope.at('box_position_embeddings'), c.max_position_embeddings, narrow(c)).lookup(positions);
  return layerNorm(scope.at('LayerNorm'), add(box, places), c.layer_norm_eps);
}

/** Both streams weigh by softmax(text scores + layout scores): one attention over heads that hold both side by side. */
function jointLayer(layer: Scope, text: Tensor, layout: Tensor, mask: Tensor | null, c: Config): [Tensor, Tensor] {
  const self = layer.at('attention.self');
  const heads = (name: string, x: Tensor): Tensor =>
    splitHeads(linear(self.at(name), x, x.dim(-1) as number), c.num_attention_heads);
  const [wide, thin] = [c.hidden_size / c.num_attention_heads, narrow(c) / c.num_attention_heads];
  const [query, key] = [heads('query', text), heads('key', text)];
  const relative = relativeKeys(self, c.position_embedding_type, c.max_position_embeddings)?.(query, key);
  const mixed = attend(
    concat([query, mul(heads('layout_query', layout), Math.sqrt(wide / thin))], -1),
    concat([key, heads('layout_key', layout)], -1),
    concat([heads('value', text), heads('layout_value', layout)], -1),
    { scale: 1 / Math.sqrt(wide), mask: relative && mask ? add(relative, mask) : (relative ?? mask) },
  ); // [batch, heads, seq, wide + thin]
  const project = (name: string, part: Tensor): Tensor => {
    const flat = mergeHeads(part);
    return linear(layer.at(name), flat, flat.dim(-1) as number);
  };
  return [
    bertLayer(layer, text, {
      ...layerOptions(c),
      mix: () => project('attention.output.dense', slice(mixed, -1, 0, wide)),
    }),
    bertLayer(layer, layout, {
      ...layerOptions(c),
      hidden: Math.floor(c.intermediate_size / c.channel_shrink_ratio),
      mix: () => project('attention.layout_output.dense', slice(mixed, -1, wide)),
      names: {
        attentionNorm: 'attention.layout_output.LayerNorm',
        up: 'layout_intermediate.dense',
        down: 'layout_output.dense',
        mlpNorm: 'layout_output.LayerNorm',
      },
    }),
  ];
}
