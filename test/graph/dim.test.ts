import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { dimAdd, dimCeilDiv, dimDiv, dimMin, dimMul, dimSub, dimValue } from '../../src/graph/index.js';

const dim = suite('dim');

dim('equal sizes have equal text, however they were reached', () => {
  assert.is(dimAdd('past', 'seq'), dimAdd('seq', 'past'));
  assert.is(dimMul(dimAdd('a', 1), dimAdd('a', -1)), dimAdd(dimMul('a', 'a'), -1));
  assert.is(dimSub(dimAdd('past', 'seq'), 'past'), 'seq');
  assert.is(dimSub('seq', 'seq'), 0);
  assert.is(dimDiv(dimMul('seq', 6), 3), dimMul(2, 'seq'));
});

dim('whole quotients keep their meaning inside products', () => {
  const half = dimDiv(dimAdd('seq', 1), 2);
  assert.is(dimValue(half, { seq: 8 }), 4);
  assert.is(dimValue(dimMul(half, 'batch', 3), { seq: 9, batch: 2 }), 30);
  assert.is(dimValue(dimCeilDiv(dimMul('a', 'b'), 4), { a: 3, b: 3 }), 3);
  assert.is(dimCeilDiv(10, 4), 3);
});

dim('minima keep their meaning inside products and quotients', () => {
  const block = dimMin('seq', 4);
  assert.is(dimValue(dimMul(dimCeilDiv('seq', 4), block), { seq: 9 }), 12);
  assert.is(dimValue(dimMul(dimCeilDiv('seq', 4), block), { seq: 3 }), 3);
  assert.is(dimValue(dimMin(dimMul('a', 'b'), 5), { a: 2, b: 2 }), 4);
  assert.is(dimMin(7, 5), 5);
});

dim('the value of an open name is unknown', () => {
  assert.is(dimValue(dimAdd('past', 'seq'), { seq: 1 }), null);
  assert.is(dimValue(dimAdd('past', 'seq'), { seq: 1, past: 4 }), 5);
});

dim('random polynomials evaluate as their parts do', () => {
  const names = ['a', 'b', 'c'];
  let state = 7;
  const next = (below: number): number => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state % below;
  };
  for (let round = 0; round < 300; round++) {
    const sizes = { a: next(9), b: next(9), c: next(9) };
    let text = names[next(3)] as string | number;
    let value = dimValue(text, sizes)!;
    for (let step = 0; step < 5; step++) {
      const other = next(2) ? names[next(3)] : next(5);
      const otherValue = typeof other === 'string' ? sizes[other as 'a'] : other;
      const by = 1 + next(4);
      switch (next(3)) {
        case 0:
          [text, value] = [dimAdd(text, other), value + otherValue];
          break;
        case 1:
          [text, value] = [dimMul(text, other), value * otherValue];
          break;
        default:
          [text, value] = [dimDiv(text, by), Math.floor(value / by)];
      }
    }
    assert.is(dimValue(text, sizes), value, `${text} at ${JSON.stringify(sizes)}`);
  }
});

dim.run();
