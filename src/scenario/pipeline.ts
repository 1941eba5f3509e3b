// Pipeline: what an application does for every request, from the raw input to outputs that it holds. One sample is all of it,
// its parts follow one another on the same clock, and their sum is the sample.

import type { PipelineParts } from '../run/outcome.js';
import { drive } from './drive.js';
import type { ScenarioContext, ScenarioPage } from './scenario.js';

/** The last `count` of every part: those before belong to the warm-up. */
function last(parts: PipelineParts, count: number): PipelineParts {
  const tails = Object.entries(parts).map(([name, all]) => [name, all.slice(all.length - count)]);
  return Object.fromEntries(tails);
}

type Driven = Pick<ScenarioContext, 'session' | 'prepare' | 'nowNs' | 'cancelled'>;

export const noParts = (): PipelineParts => ({ preprocessNs: [], inferenceNs: [], outputNs: [] });

/** Samples in blocks, as a session gives them; what each part took is added to `parts`. */
export function pipelineSampler({ session, prepare, nowNs, cancelled }: Driven, parts: PipelineParts) {
  return async (count: number) => {
    const durationsNs = new Float64Array(count);
    const cpu = process.cpuUsage();
    let done = 0;
    let firstNs = 0;
    let lastNs = 0;
    while (done < count && !cancelled()) {
      const startNs = nowNs();
      if (done === 0) firstNs = startNs;
      prepare!();
      const preparedNs = nowNs();
      const { beginNs, ranNs, endNs } = await session.runAndRead!();
      parts.preprocessNs.push(preparedNs - startNs);
      parts.inferenceNs.push(ranNs - beginNs);
      parts.outputNs.push(endNs - ranNs);
      durationsNs[done++] = endNs - startNs;
      lastNs = endNs;
    }
    const { user, system } = process.cpuUsage(cpu);
    // Runs may leave no gap for messages, e.g. that the user wants to stop.
    await new Promise((resolve) => setImmediate(resolve));
    return { durationsNs: durationsNs.slice(0, done), wallNs: lastNs - firstNs, cpuNs: (user + system) * 1000 };
  };
}

export const scenario: ScenarioPage = {
  sample: 'raw input to outputs on the host',
  processes: 'one',
  async measure(context) {
    const parts = noParts();
    const sampled = await drive({ ...context, streams: 1 }, pipelineSampler(context, parts));
    return sampled && { ...sampled, parts: last(parts, sampled.samplesNs.length) };
  },
};
