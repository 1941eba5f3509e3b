import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { placementOf } from '../../src/run/placement.js';

const node = (op: string, provider: string, durationNs: number) => ({ name: op, op, provider, durationNs });
const given = (provider: string, ...ops: string[]) => ({
  provider,
  nodes: ops.map((op) => ({ name: op, domain: '', op })),
});

test('shares of nodes and of time, and what fell back', () => {
  const placement = placementOf(
    'X',
    [node('MatMul', 'X', 60), node('Shape', 'CPU', 10), node('Shape', 'CPU', 30)],
    null,
  )!;
  assert.is(placement.source, 'profile');
  assert.equal([placement.nodeShare, placement.timeShare], [1 / 3, 0.6]);
  assert.equal(placement.fallback, [{ op: 'Shape', nodes: 2 }]);
});

test('copies take time and are no nodes', () => {
  const placement = placementOf('X', [node('MatMul', 'X', 50), node('MemcpyToHost', 'CPU', 50)], null)!;
  assert.equal([placement.nodeShare, placement.timeShare], [1, 0.5]);
});

test('a provider that fuses counts by the nodes that it was given', () => {
  const fused = [node('Engine_0', 'X', 90), node('Shape', 'CPU', 10)];
  const placement = placementOf('X', fused, [given('X', 'MatMul', 'Add', 'Relu'), given('CPU', 'Shape')])!;
  assert.equal([placement.source, placement.nodeShare, placement.timeShare], ['assignment', 0.75, 0.9]);
});

test('notes of the last partition alone do not count against what ran', () => {
  const ran = ['a', 'b', 'c'].map((op) => node(op, 'X', 1));
  const placement = placementOf('X', ran, [given('CPU', 'Concat')])!;
  assert.equal([placement.source, placement.nodeShare], ['profile', 1]);
});

test('a provider that ran nothing has the share 0; where nothing is known there is no placement', () => {
  assert.is(placementOf('X', [node('Add', 'CPU', 1)], null)?.nodeShare, 0);
  assert.is(placementOf('X', null, null), null);
  assert.is(placementOf('X', [], []), null);
});

test.run();
