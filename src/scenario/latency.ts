// Latency: one run after the other, each timed alone. What a single user waits for.

import { drive } from './drive.js';
import type { ScenarioPage } from './scenario.js';

export const scenario: ScenarioPage = {
  sample: 'one run',
  processes: 'one',
  measure: (context) => drive({ ...context, streams: 1 }, (count) => context.session.sample(count)),
};
