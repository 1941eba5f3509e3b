import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildModel } from '../../models/build.js';
import { classes, defineConfig, readConfig } from '../../models/config.js';
import type { Page } from '../../models/define.js';
import { UsageError } from '../../src/util/error.js';
import { loadPages } from '../support/pages.js';

const config = suite('configuration');
const pages = await loadPages();
const page = (family: string): Page<unknown> => pages.find((one) => one.family === family)!;

const refusal = (action: () => unknown): string => {
  try {
    action();
  } catch (error) {
    assert.instance(error, UsageError);
    return (error as Error).message;
  }
  throw new Error('nothing was refused');
};

config('the class of a checkpoint: the first by default, one of the list, or a refusal', () => {
  const spec = defineConfig({ architectures: classes('WithHead', 'Bare') });
  for (const [given, read] of [
    [undefined, 'WithHead'],
    [null, 'WithHead'],
    [[], 'WithHead'],
    [['Bare'], 'Bare'],
  ] as const)
    assert.equal(readConfig(spec, given === undefined ? {} : { architectures: given }).architectures, [read]);
  assert.match(
    refusal(() => readConfig(spec, { architectures: ['Other'] })),
    /config\.architectures: "Other" is not supported; known: WithHead, Bare/,
  );
});

config('a key that the family does not know is refused, unless it is off', () => {
  const spec = defineConfig({ n_layer: 2 }, ['n_ctx']);
  assert.equal(readConfig(spec, { n_ctx: 64, mlp_bias: false, rope_scaling: null, pretraining_tp: 1 }), { n_layer: 2 });
  for (const [key, value] of [
    ['mlp_bias', true],
    ['n_layers', 0],
    ['quantization_config', {}],
  ])
    assert.match(
      refusal(() => readConfig(spec, { [key as string]: value })),
      new RegExp(`config: the key '${key}' .* is not known`),
    );
});

config('second names of keys are read, and hold where both are given', () => {
  const spec = defineConfig({ n_head: 8, n_layer: 2 }, [], { num_attention_heads: 'n_head' });
  assert.equal(readConfig(spec, { num_attention_heads: 4 }), { n_head: 4, n_layer: 2 });
  assert.equal(readConfig(spec, { num_attention_heads: 4, n_head: 6, n_layer: 3 }), { n_head: 4, n_layer: 3 });
  assert.match(
    refusal(() => readConfig(spec, { num_attention_heads: 'four' })),
    /config\.n_head: expected number/,
  );
});

config('the class decides which head is built and what the scopes are called', () => {
  const build = (name: string) => buildModel(page('bros'), { ...page('bros').tiny, architectures: [name] }).graph;
  const [labels, bare] = [build('BrosForTokenClassification'), build('BrosModel')];
  assert.equal(
    labels.outputs.map(({ name }) => name),
    ['logits'],
  );
  assert.ok(labels.parameters.has('bros.encoder.layer.0.attention.self.query.weight'));
  assert.equal(
    bare.outputs.map(({ name }) => name),
    ['last_hidden_state', 'pooler_output'],
  );
  assert.ok(bare.parameters.has('encoder.layer.0.attention.self.query.weight'));
});

const REFUSED: [family: string, values: Record<string, unknown>, named: RegExp][] = [
  ['bert', { is_decoder: true }, /bert\.is_decoder: true/],
  ['bert', { position_embedding_type: 'rotary' }, /bert\.position_embedding_type: "rotary"/],
  ['bert_generation', { add_cross_attention: true }, /bert_generation\.add_cross_attention/],
  ['ibert', { quant_mode: true }, /ibert\.quant_mode: true/],
  ['xlm', { asm: true }, /xlm\.asm: true/],
  ['tapas', { select_one_column: false }, /tapas\.select_one_column: false/],
  ['deberta', { pos_att_type: [1] }, /pos_att_type: expected names/],
  ['deberta', { legacy: false }, /legacy: false needs tie_word_embeddings: false/],
  ['deberta_v2', { conv_kernel_size: 4 }, /deberta_v2\.conv_kernel_size: 4 must be odd/],
  ['squeezebert', { embedding_size: 8 }, /squeezebert\.embedding_size: 8/],
  ['xmod', { languages: [] }, /xmod\.languages/],
  ['esm', { is_folding_model: true }, /esm\.is_folding_model: true/],
  ['mixtral', { num_experts_per_tok: 0 }, /experts: each token needs from 1 to 4 of them, not 0/],
  ['mixtral', { num_experts_per_tok: 5 }, /experts: each token needs from 1 to 4 of them, not 5/],
  ['deepseek_r1', { n_group: 3 }, /n_group: 8 experts do not make 3 equal groups/],
  ['deepseek_r1', { topk_group: 1 }, /num_experts_per_tok: 3 experts are more than topk_group 1 leaves of n_group 4/],
  ['t5', { relative_attention_max_distance: 4 }, /the greatest distance must be above 4/],
];
for (const [family, values, named] of REFUSED) {
  config(`${family} refuses ${JSON.stringify(values)}`, () => {
    assert.match(
      refusal(() => buildModel(page(family), { ...page(family).tiny, ...values })),
      named,
    );
  });
}

config('only a decoder has a cached form', () => {
  const { tiny } = page('bert_generation');
  assert.match(
    refusal(() => buildModel(page('bert_generation'), { ...tiny }, { form: 'cached' })),
    /is_decoder/,
  );
});

config.run();
