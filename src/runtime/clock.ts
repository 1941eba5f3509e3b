// Cost and resolution of Node's own clock, for runtimes that are timed from JavaScript.

import type { ClockInfo } from './session.js';

export function hrtimeInfo(): ClockInfo {
  const steps: number[] = [];
  // The first thousand warm the compiler up and are not counted.
  for (let i = 0; i < 3000; i++) {
    const start = process.hrtime.bigint();
    const end = process.hrtime.bigint();
    if (i >= 1000) steps.push(Number(end - start));
  }
  steps.sort((a, b) => a - b);
  return {
    source: 'process.hrtime.bigint',
    readNs: steps[steps.length >> 1]!,
    resolutionNs: steps.find((step) => step > 0) ?? 1,
  };
}

export const hrtimeNs = (): number => Number(process.hrtime.bigint());
