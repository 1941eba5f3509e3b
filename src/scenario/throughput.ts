// Throughput: several streams run the same session at the same time. The samples are the latencies that one run has under
// that load; items per second come from the number of runs over the wall time.

import { drive } from './drive.js';
import type { ScenarioPage } from './scenario.js';

export const scenario: ScenarioPage = {
  sample: 'one run, while the other streams run too',
  processes: 'one',
  measure: (context) => drive(context, (count) => context.session.sample(count, context.streams)),
};

/**
 * Streams that fill the cores without putting two threads on one.
 * @param threads intra-op threads of the session; 0 means that ONNX Runtime takes all cores for one run
 */
export function defaultStreams(cores: number, threads: number): number {
  return threads === 0 ? Math.max(2, cores) : Math.max(1, Math.floor(cores / threads));
}
