import type { Measurement } from '../../run/outcome.js';
import { type Metric, measured } from './metric.js';

/** Null without a session. */
export function loadNs({ graphBuildNs, weightFillNs, sessionCreateNs }: Measurement): number | null {
  return sessionCreateNs === null ? null : (graphBuildNs ?? 0) + (weightFillNs ?? 0) + sessionCreateNs;
}

export const loadTime: Metric = {
  column: 'load_time_ns',
  unit: 'ns',
  better: 'lower',
  description:
    'From nothing to a session that can run: graph build, weight fill and session creation, as far as each exists.',
  from: measured(loadNs),
};
