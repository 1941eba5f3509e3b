// Runs a plan: one case after the other, each in a process of its own, each on record as soon as it is finished.

import type { Environment } from '../hardware/environment.js';
import { measurementWarnings } from '../measure/warnings.js';
import { loadScenario } from '../scenario/index.js';
import type { Case } from './case.js';
import { manyProcesses } from './cold-start.js';
import { caseIdentity } from './identity.js';
import { runIsolated } from './isolate.js';
import type { JournalEntry } from './journal.js';
import type { Outcome } from './outcome.js';
import type { CaseResult, Phase } from './protocol.js';
import type { RunSettings } from './settings.js';

export interface ExecuteEvents {
  onStart(work: Case, index: number): void;
  onProgress(phase: Phase, fraction: number): void;
  /** @param resumed taken from an earlier run's journal */
  onFinish(outcome: Outcome, identity: string, resumed: boolean): void;
}

export interface ExecuteOptions {
  environment: Environment;
  /** Finished records of an earlier run, by case identity. */
  resumed: ReadonlyMap<string, JournalEntry>;
  /** ISO 8601, UTC. */
  now(): string;
  cancel: AbortSignal;
  events: ExecuteEvents;
}

async function runCase(work: Case, settings: RunSettings, options: ExecuteOptions): Promise<CaseResult> {
  const { cancel, events } = options;
  if (cancel.aborted) {
    const reason = { code: 'interrupted', message: 'interrupted before its turn' };
    return { state: 'skipped', reason, runtime: null, model: null, warnings: [] };
  }
  const isolated = (own: RunSettings) => runIsolated(work, own, { cancel, onProgress: events.onProgress });
  const { processes } = await loadScenario(work.scenario);
  return processes === 'one' ? isolated(settings) : manyProcesses(settings, isolated, () => cancel.aborted);
}

/** One outcome per case, in the order of the plan. */
export async function execute(
  plan: readonly Case[],
  settings: RunSettings,
  options: ExecuteOptions,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  // All at once before the first case: a model file that changes under the run does not change what was planned.
  const identities = plan.map((work) => caseIdentity(work, settings, options.environment.fingerprint));
  for (const [index, work] of plan.entries()) {
    const identity = identities[index]!;
    const earlier = options.resumed.get(identity);
    let outcome = earlier?.outcome;
    if (outcome === undefined) {
      options.events.onStart(work, index);
      const startedAt = options.now();
      const result = await runCase(work, settings, options);
      outcome = { case: work, environment: options.environment, startedAt, ...result };
      if (outcome.state === 'measured') {
        const { measurement, runtime, warnings } = outcome;
        const found = measurementWarnings(measurement, runtime?.clock ?? null, settings.sampling.targetHalfWidth);
        outcome.warnings = [...warnings, ...found];
      }
    }
    outcomes.push(outcome);
    options.events.onFinish(outcome, identity, earlier !== undefined);
  }
  return outcomes;
}
