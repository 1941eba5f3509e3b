// Sessions of a duet for tests of what reads them: made up from the ratios wanted.

import type { DuetCell, DuetProcess, DuetSideFacts, MeasuredSession, OutputComparison } from '../../src/record/duet.js';
import { RUNTIME, sampleCase } from './outcomes.js';

export const EQUAL: OutputComparison = { relativeL2: 0, output: 'y', problem: null, wrong: false };

const processOf = (ns: number, peakRssBytes: number | null): DuetProcess => ({
  sessionCreateNs: 10e6,
  firstRunNs: 2 * ns,
  peakRssBytes,
  burstMedianNs: [ns, ns * 1.01, ns * 0.99],
  burstRunNs: [ns, ns * 1.01, ns * 0.99],
});

/** @param ratio B over A of the time and @param memory of the memory */
export function sessionOf(index: number, ratio: number, memory = 1, outputs = EQUAL): MeasuredSession {
  return {
    state: 'measured',
    index,
    opened: index % 2 === 0 ? 'a' : 'b',
    cpus: [0],
    order: 'aba',
    runs: 5,
    rewarmRuns: 2,
    startNs: 5e8,
    wallNs: 2e9,
    a: processOf(2e6, 100 * 2 ** 20),
    b: processOf(2e6 * ratio, Math.round(100 * 2 ** 20 * memory)),
    outputs,
  };
}

export function sideFacts(label: string): DuetSideFacts {
  return {
    case: sampleCase(),
    label,
    hfbench: null,
    commit: null,
    ortLibrary: null,
    runtime: RUNTIME,
    hfbenchVersion: '0.1.0',
  };
}

export function cellOf(label: string, sessions: DuetCell['sessions']): DuetCell {
  return { label, a: sideFacts('threads 2'), b: sideFacts('threads 1'), sessions };
}

/** Ratios around `centre` with this scatter on the log, evenly on both sides. */
export const around = (centre: number, scatter: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => centre * Math.exp(scatter * (i % 2 === 0 ? 1 : -1)));
