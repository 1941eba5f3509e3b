// A case in a few words, for progress and plans.

import type { Case } from '../run/case.js';

export function caseLabel(work: Case): string {
  const { model, size, dtype, batch, seq, generation, provider, runtime, scenario, threads } = work;
  const parts = [
    model,
    size === 'tiny' ? 'tiny' : '',
    dtype ?? '',
    batch > 1 ? `batch ${batch}` : '',
    seq === null ? '' : `seq ${seq}`,
    generation?.prompt == null ? '' : `prompt ${generation.prompt}`,
    provider,
    runtime === 'native' ? '' : runtime,
    scenario === 'latency' ? '' : scenario,
    generation === undefined ? '' : `${generation.generate}`,
    threads === 0 ? '' : `${threads} ${threads === 1 ? 'thread' : 'threads'}`,
  ];
  return parts.filter((part) => part !== '').join(' ');
}
