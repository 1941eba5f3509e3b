// Rules of shapes that several operators share.

import { type Dim, isUnknown, shapeText } from './dim.js';
import type { Graph } from './graph.js';
import { GraphError } from './graph-error.js';
import type { Tensor } from './tensor.js';

/** The graph in which a node over these inputs belongs: the innermost of theirs. */
export function graphOf(...inputs: (Tensor | null | undefined)[]): Graph {
  let found: Graph | null = null;
  for (const input of inputs) if (input && (!found || input.graph.depth > found.depth)) found = input.graph;
  if (!found) throw new GraphError('an operator needs at least one tensor');
  return found;
}

/** Joins two dimensions that must be equal; an unknown one takes the other's value. Null when they differ. */
export function unifyDim(a: Dim, b: Dim): Dim | null {
  if (a === b) return a;
  if (isUnknown(a)) return b;
  if (isUnknown(b)) return a;
  return null;
}

/** NumPy broadcasting of two shapes. */
export function broadcast(a: readonly Dim[], b: readonly Dim[], what: string): Dim[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, index) => {
    const left = a[index - rank + a.length] ?? 1;
    const right = b[index - rank + b.length] ?? 1;
    if (left === 1) return right;
    if (right === 1) return left;
    const joined = unifyDim(left, right);
    if (joined === null) throw new GraphError(`${what}: shapes ${shapeText(a)} and ${shapeText(b)} do not go together`);
    return joined;
  });
}

/** A non-negative axis below `rank`. */
export function axisOf(axis: number, rank: number, what: string): number {
  const found = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(found) || found < 0 || found >= rank)
    throw new GraphError(`${what}: axis ${axis} of a tensor of rank ${rank}`);
  return found;
}

export function expectSame(a: Dim, b: Dim, left: Tensor, right: Tensor, what: string): void {
  if (unifyDim(a, b) === null) {
    throw new GraphError(
      `${what}: ${shapeText(left.shape)} (${left.name}) and ${shapeText(right.shape)} (${right.name}) do not go together`,
    );
  }
}
