// Forms that a page does not offer are refused as what cannot exist, with the reason where there is one.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { buildModel } from '../../models/build.js';
import cpmant from '../../models/decoder-only/cpmant.js';
import bert from '../../models/encoder-only/bert.js';
import xlnet from '../../models/encoder-only/xlnet.js';
import { UnsupportedError } from '../../src/util/error.js';

const refusal = (build: () => unknown): UnsupportedError => {
  try {
    build();
  } catch (error) {
    assert.instance(error, UnsupportedError);
    return error as UnsupportedError;
  }
  return assert.unreachable('built') as never;
};

test('models without a cached form say why', () => {
  const whole = { form: 'cached' as const };
  assert.match(refusal(() => buildModel(cpmant, cpmant.tiny, whole)).message, /cpmant has no cached form: its tokens/);
  assert.match(refusal(() => buildModel(xlnet, xlnet.tiny, whole)).message, /xlnet has no cached form: its tokens/);
  const plain = refusal(() => buildModel(bert, bert.tiny, whole));
  assert.equal([plain.code, plain.message], ['form', 'bert has no cached form']);
});

test.run();
