// MarkupLM: a RoBERTa for web pages; each word also embeds the path of its element in the document tree, tag and number at
// every depth.
// Li et al. 2021, arXiv:2110.08518.

import { add, concat, type Graph, gather, type Tensor } from '../../src/graph/index.js';
import { activation } from '../blocks/activation.js';
import { bertIgnored, bertInputs, bertTiny, coreFields } from '../blocks/bert-config.js';
import { placesOfWords } from '../blocks/bert-embedding.js';
import { bertModel } from '../blocks/bert-model.js';
import { embedding, linear } from '../blocks/linear.js';
import { paddingMask } from '../blocks/mask.js';
import { pooler } from '../blocks/word-head.js';
import { type ConfigOf, classes, defineConfig } from '../config.js';
import { constant, defineModel, type Outputs } from '../define.js';

const config = defineConfig(
  {
    ...coreFields,
    architectures: classes('MarkupLMForTokenClassification', 'MarkupLMModel'),
    pad_token_id: 0,
    max_xpath_tag_unit_embeddings: 256,
    max_xpath_subs_unit_embeddings: 1024,
    tag_pad_id: 216,
    subs_pad_id: 1001,
    xpath_unit_hidden_size: 32,
    max_depth: 50,
    num_labels: 2,
  },
  bertIgnored,
);
type Config = ConfigOf<typeof config>;

export default defineModel({
  family: 'markuplm',
  architectures: ['MarkupLMForTokenClassification', 'MarkupLMModel'],
  modelTypes: ['markuplm'],
  task: 'token-classification',
  config,
  variants: {
    markuplm: {
      checkpoint: 'microsoft/markuplm-base',
      parameters: 135_203_072,
      config: {
        architectures: ['MarkupLMModel'],
        vocab_size: 50_267,
        max_position_embeddings: 514,
        type_vocab_size: 1,
        layer_norm_eps: 1e-5,
        pad_token_id: 1,
      },
    },
  },
  tiny: {
    ...bertTiny,
    max_xpath_tag_unit_embeddings: 20,
    max_xpath_subs_unit_embeddings: 30,
    tag_pad_id: 19,
    subs_pad_id: 29,
    xpath_unit_hidden_size: 8,
    max_depth: 6,
    num_labels: 5,
  },
  preprocess: { text: 'byte-level BPE' },
  inputs: (c) => ({
    ...bertInputs(c),
    xpath_tags_seq: constant(c.tag_pad_id, 'batch', 'seq', c.max_depth),
    xpath_subs_seq: constant(c.subs_pad_id, 'batch', 'seq', c.max_depth),
  }),
  graph(g, { xpath_tags_seq, xpath_subs_seq, ...inputs }, c): Outputs {
    const labels = c.architectures[0] === 'MarkupLMForTokenClassification';
    const name = labels ? 'markuplm' : '';
    const path = embedPath(g, name, xpath_tags_seq, xpath_subs_seq, c);
    const position_ids =
      inputs.position_ids ?? placesOfWords(inputs.input_ids, c.pad_token_id, c.max_position_embeddings);
    const mask = paddingMask(inputs.attention_mask, -1e4); // a row of padding alone keeps the differences of its scores
    const { states } = bertModel(g.at(name), { ...inputs, position_ids }, c, { mask }, [path]); // [batch, seq, hidden_size]
    if (!labels) return { last_hidden_state: states, pooler_output: pooler(g.at('pooler'), states) };
    return { logits: linear(g.at('classifier'), states, c.num_labels) }; // [batch, seq, num_labels]
  },
});

/** Tags and numbers at all depths side by side, summed, through a two-layer perceptron: [batch, seq, hidden_size]. */
function embedPath(g: Graph, name: string, tags: Tensor, numbers: Tensor, c: Config): Tensor {
  const scope = g.at(name).at('embeddings.xpath_embeddings');
  const width = c.xpath_unit_hidden_size;
  const side = (kind: string, ids: Tensor, count: number): Tensor =>
    concat(
      scope
        .layers(`xpath_${kind}_sub_embeddings`, c.max_depth)
        .map((table, depth) => embedding(table, count, width).lookup(gather(ids, depth, 2))),
      -1,
    );
  const path = add(
    side('tag', tags, c.max_xpath_tag_unit_embeddings),
    side('subs', numbers, c.max_xpath_subs_unit_embeddings),
  );
  const direct = scope.at('xpath_unitseq2_embeddings'); // of an older version; the class keeps it unused
  direct.unused('weight', [c.hidden_size, width * c.max_depth]);
  direct.unused('bias', [c.hidden_size]);
  const inner = activation('relu')(linear(scope.at('xpath_unitseq2_inner'), path, 4 * c.hidden_size));
  return linear(scope.at('inner2emb'), inner, c.hidden_size);
}
