// Does a case fit? Compared before a session is opened, so that the machine does not find out by killing something.

import { formatBytes } from '../util/number-format.js';
import type { ModelFacts, Reason } from './outcome.js';

const MIB = 2 ** 20;
/** Node, the runtime's library and its thread pool: measured with an empty model, rounded up. */
const PROCESS_BYTES = 160 * MIB;
/** ONNX Runtime keeps weights and, for many kernels, a second copy in the layout that the kernel wants. */
const COPIES = 2;

/** Bytes that the case will need at least; null when the size of the model is unknown. A file's activations are unknown. */
export function neededBytes({ modelBytes, activationBytes }: ModelFacts): number | null {
  return modelBytes === null ? null : PROCESS_BYTES + COPIES * modelBytes + (activationBytes ?? 0);
}

/** @param free bytes that a new process could take, limits of the cgroup counted; null where unknown */
export function memoryShortage(facts: ModelFacts, free: number | null): Reason | null {
  const needed = neededBytes(facts);
  if (needed === null || free === null || needed <= free) return null;
  const { modelBytes, activationBytes } = facts;
  const activations = activationBytes === null ? '' : ` and ${formatBytes(activationBytes)} of activations`;
  const parts = `twice its ${formatBytes(modelBytes!)} of weights${activations}`;
  return { code: 'memory', message: `needs about ${formatBytes(needed)} (${parts}), ${formatBytes(free)} are free` };
}
