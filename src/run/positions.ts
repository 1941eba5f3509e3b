// Some models have only so many positions: tables of places that end. Told before ONNX Runtime fails on it.

import { dimValue, type Graph } from '../graph/index.js';
import { UnsupportedError } from '../util/error.js';

/** @param asked what the sizes come from, in the words of the user. @throws UnsupportedError naming the limit */
export function checkPositions(name: string, graph: Graph, sizes: Record<string, number>, asked?: string): void {
  for (const { dim, most } of graph.limits) {
    const length = dimValue(dim, sizes);
    if (length === null || length <= most) continue;
    const what = asked ?? (dim === 'seq' ? `--seq ${length}` : `${dim} ${length}`);
    throw new UnsupportedError('positions', `${name} has ${most} positions, fewer than ${what}`);
  }
}
