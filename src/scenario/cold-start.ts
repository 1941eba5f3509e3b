// Cold start: what the first answer costs in a process that has just begun. Every sample is a process of its own, in which a
// session is created once and run once; making the synthetic weights is no part of it, as a real model's are on disk.

import type { ScenarioPage } from './scenario.js';

export const scenario: ScenarioPage = {
  sample: 'session creation and first run in a fresh process',
  processes: 'many',
  async measure({ session, firstRunNs }) {
    const totalNs = session.openTimes.sessionCreateNs + firstRunNs;
    return {
      samplesNs: [totalNs],
      samplingWallNs: totalNs,
      samplingCpuNs: null,
      stop: 'max-samples',
      warmupRuns: 0,
      warmupNs: 0,
      warmupFlat: true,
      streams: 1,
    };
  },
};
