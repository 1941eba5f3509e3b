// A case of a tiny zoo model, with what a test does not care about.

import type { Case } from '../../src/run/case.js';

export function zooCase(name: string, changes: Partial<Case> = {}): Case {
  return {
    model: name,
    source: { kind: 'zoo', name, variant: name },
    size: 'tiny',
    dtype: 'fp32',
    style: 'standard',
    batch: 1,
    seq: 16,
    provider: 'cpu',
    providerOptions: {},
    runtime: 'native',
    scenario: 'latency',
    threads: 1,
    ...changes,
  };
}
