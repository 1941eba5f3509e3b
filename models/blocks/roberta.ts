// RoBERTa's line: BERT whose places are counted from the words that are no padding, with a masked-word head of its own names.
// Liu et al. 2019, arXiv:1907.11692.

import type { Graph, Tensor } from '../../src/graph/index.js';
import { type ConfigOf, defineConfig } from '../config.js';
import { constant, type Inputs, optional } from '../define.js';
import { type BertInputs, bertFields, bertInputs, bertTiny } from './bert-config.js';
import { placesOfWords } from './bert-embedding.js';
import { bertModel } from './bert-model.js';
import type { Embedding } from './linear.js';
import { wordHead } from './word-head.js';

/** Keys of CamembertConfig, XLMRobertaConfig and kin with their defaults; RobertaConfig differs in vocab_size. */
export const robertaFields = { ...bertFields, pad_token_id: 1 };

const robertaConfig = defineConfig(robertaFields);
export type RobertaConfig = ConfigOf<typeof robertaConfig>;

export const robertaTiny = { ...bertTiny, type_vocab_size: 1, pad_token_id: 1, layer_norm_eps: 1e-5 };

/** What published checkpoints of the line set: two places for padding, one segment. */
export const robertaBase = { max_position_embeddings: 514, type_vocab_size: 1, layer_norm_eps: 1e-5 };

/** input_ids, attention_mask: [batch, seq]; token_type_ids and position_ids on demand. */
export const robertaInputs = (c: { vocab_size: number }): ReturnType<typeof bertInputs> & Inputs => ({
  ...bertInputs(c),
  token_type_ids: optional(constant(0, 'batch', 'seq')),
});

/** Ids to last hidden states [batch, seq, hidden_size] under `<name>`; options as bertModel's. */
export function robertaModel(
  g: Graph,
  name: string,
  inputs: BertInputs,
  c: RobertaConfig,
  options: Parameters<typeof bertModel>[3] = {},
): { words: Embedding; states: Tensor } {
  const position_ids =
    inputs.position_ids ?? placesOfWords(inputs.input_ids, c.pad_token_id, c.max_position_embeddings);
  return bertModel(g.at(name), { ...inputs, position_ids }, c, options);
}

/** The masked-word head 'lm_head', always with GELU: h [batch, seq, hidden_size] -> [batch, seq, vocab_size]. */
export const robertaHead = (
  g: Graph,
  h: Tensor,
  words: Embedding,
  c: Pick<RobertaConfig, 'tie_word_embeddings' | 'layer_norm_eps'>,
): Tensor =>
  wordHead(g.at('lm_head'), h, {
    words,
    tied: c.tie_word_embeddings,
    activation: 'gelu',
    epsilon: c.layer_norm_eps,
    names: ['dense', 'layer_norm'],
  });

/** The graph of a masked language model of the line, whose encoder is called `name`. */
export const robertaMaskedWords =
  (name: string) =>
  (g: Graph, inputs: BertInputs, c: RobertaConfig): { logits: Tensor } => {
    const { words, states } = robertaModel(g, name, inputs, c); // [batch, seq, hidden_size]
    return { logits: robertaHead(g, states, words, c) }; // [batch, seq, vocab_size]
  };
