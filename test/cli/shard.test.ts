import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ofShard, shard } from '../../src/cli/shard.js';

test('shards are disjoint, together the whole, and as long as one another give or take one', () => {
  const items = Array.from({ length: 11 }, (_, index) => index);
  for (let count = 1; count <= 11; count++) {
    const parts = Array.from({ length: count }, (_, index) => ofShard(items, { index: index + 1, count }));
    assert.equal(
      parts.flat().sort((a, b) => a - b),
      items,
    );
    const sizes = parts.map(({ length }) => length);
    assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1);
  }
  assert.equal(ofShard(items, undefined), items);
});

test('what is no shard is refused', () => {
  assert.equal(shard('2/4', '--shard'), { index: 2, count: 4 });
  for (const text of ['0/4', '5/4', '1/0', '1', '1/', '/2', '1/2/3', '-1/2', '1.5/2', 'a/b', '', '1/99999'])
    assert.throws(() => shard(text, '--shard'), /expected i\/n with i from 1 to n/, text);
  assert.throws(() => ofShard([1], { index: 2, count: 2 }), /--shard 2\/2: nothing to do, the whole has 1 part/);
});

test.run();
