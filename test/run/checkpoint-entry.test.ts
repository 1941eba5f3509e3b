// What a checkpoint's folder tells the planner.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { checkpointEntry } from '../../src/run/checkpoint-entry.js';

const root = mkdtempSync(join(tmpdir(), 'hfbench-entry-'));
test.after(() => rmSync(root, { recursive: true }));

function entryOf(config: unknown) {
  const folder = join(root, 'model');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'config.json'), typeof config === 'string' ? config : JSON.stringify(config));
  return checkpointEntry(folder);
}

test('the sequence is that of the page', () => {
  assert.equal(entryOf({ model_type: 'clip' }), { defaultSeq: 77, raw: ['text', 'image'] });
  assert.equal(entryOf({ model_type: 'bert' }), { defaultSeq: 128, raw: ['text'] });
  assert.equal(entryOf({ model_type: 'vit' }), { defaultSeq: null, raw: ['image'] });
});

test('a model with fewer positions gets fewer', () => {
  assert.is(entryOf({ model_type: 'clip', text_config: { max_position_embeddings: 20 } }).defaultSeq, 16);
  assert.is(entryOf({ model_type: 'gpt2', n_positions: 64 }).defaultSeq, 32);
  assert.is(entryOf({ model_type: 'bert', max_position_embeddings: 512 }).defaultSeq, 128);
  assert.is(entryOf({ model_type: 'bert', max_position_embeddings: 1 }).defaultSeq, 1);
  assert.is(entryOf({ model_type: 'bert', max_position_embeddings: '9' }).defaultSeq, 128);
});

test('what cannot be read is left to whoever opens it', () => {
  for (const config of ['{', '[]', { model_type: 'never-heard-of' }, { model_type: 7 }])
    assert.is(entryOf(config).defaultSeq, 128);
  assert.is(checkpointEntry(join(root, 'nowhere')).defaultSeq, 128);
});

test.run();
