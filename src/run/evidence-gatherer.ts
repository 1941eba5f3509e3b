// Gathers the evidence of one case, in runs that are no samples: before them where the library can profile a single run
// (ONNX Runtime 1.25), else after them, in a session that profiles from its start.

import type { NodeTime } from '../runtime/profile.js';
import type { Assignment, Runtime, Session, SessionRequest } from '../runtime/session.js';
import type { Case } from './case.js';
import { openSession } from './encoded-session.js';
import type { Evidence, Placement, Verification } from './evidence.js';
import { bindAndRun } from './first-run.js';
import type { Reason } from './outcome.js';
import { assignmentsOf, NOTE_ASSIGNMENTS, ON_CPU_ALONE, placementOf, profiled, profileOneRun } from './placement.js';
import { computeReference, type Reference } from './reference.js';
import type { RunSettings } from './settings.js';
import type { OpenedSource } from './source.js';
import { compareOutputs, referenceCase, toleranceOf } from './verify.js';

export class EvidenceGatherer {
  #reference: Reference | null = null;
  #assignments: Assignment[] | null = null;

  /** @param ortName of the provider asked for, where the session does not say */
  constructor(
    private readonly work: Case,
    private readonly settings: RunSettings,
    private readonly ortName: string,
    private readonly opened: OpenedSource,
  ) {}

  /** Entries of the session's configuration that the evidence needs. */
  config(): Record<string, string> {
    if (this.work.provider === 'cpu' || this.work.runtime === 'fake') return {};
    const notes: Record<string, string> = { ...NOTE_ASSIGNMENTS };
    if (this.settings.strictProvider) notes['session.disable_cpu_ep_fallback'] = '1';
    return notes;
  }

  /** The case whose outputs are to be compared with; null where there is nothing to compare. */
  referenceCase(): Case | null {
    return this.work.runtime === 'fake' || !this.settings.verify ? null : referenceCase(this.work);
  }

  async computeReference(reference: Case): Promise<void> {
    this.#reference = await computeReference({ case: reference, settings: this.settings });
  }

  /** After the first run; undefined where nothing real runs. */
  async gather(session: Session, feedSet: number): Promise<Evidence | undefined> {
    if (this.work.runtime === 'fake') return undefined;
    const verification = await this.#verify(session, feedSet);
    if (this.work.provider !== 'cpu') this.#assignments = await assignmentsOf(session);
    const placement = this.work.provider === 'cpu' ? ON_CPU_ALONE : this.#place(session, await profileOneRun(session));
    return { placement, verification, deviceMemory: session.deviceMemory };
  }

  /**
   * The evidence with the placement that only another session could show; the same where it was known before.
   * @param session is closed if another one is needed: both at once might not fit
   */
  async complete(evidence: Evidence, session: Session, runtime: Runtime, request: SessionRequest): Promise<Evidence> {
    if (evidence.placement !== null) return evidence;
    await session.close();
    const runs = await profiled(async (profilePrefix) => {
      const another = await openSession(runtime, { ...request, profilePrefix }, this.opened);
      await bindAndRun(another, this.opened);
      await another.runOnce();
      await another.endProfiling();
      await another.close();
    });
    return { ...evidence, placement: this.#place(session, runs.at(-1) ?? null) };
  }

  /** Why the case has failed, by its evidence; null if it has not. */
  refutation({ placement, verification }: Evidence): Reason | null {
    const { provider } = this.work;
    if (placement?.nodeShare === 0) {
      const others = placement.providers.map((other) => other.provider).join(', ');
      return { code: 'provider-unused', message: `${provider} ran no node: all went to ${others}` };
    }
    if (this.settings.strictProvider && placement !== null && placement.fallback.length > 0) {
      return { code: 'fallback', message: `--strict-ep: not on ${provider}: ${fallbackText(placement)}` };
    }
    if (verification.state !== 'differs') return null;
    const { output, error, tolerance } = verification;
    const off = Number.isFinite(error)
      ? `is off by ${error.toExponential(1)}, more than ${tolerance.toExponential(0)}`
      : 'has values that are not finite, or another shape';
    return { code: 'wrong-output', message: `numerically wrong: output '${output}' ${off} (against the CPU provider)` };
  }

  #place(session: Session, run: NodeTime[] | null): Placement | null {
    const wanted = session.providerName ?? this.ortName;
    return run === null && this.#assignments === null ? null : placementOf(wanted, run, this.#assignments);
  }

  async #verify(session: Session, feedSet: number): Promise<Verification> {
    if (!this.settings.verify) return { state: 'off' };
    const reference = this.#reference;
    if (reference === null) return { state: 'reference' };
    if ('problem' in reference) return { state: 'unavailable', reason: reference.problem };
    if (reference.feedSet !== feedSet)
      return { state: 'unavailable', reason: 'the CPU provider ran with other inputs' };
    this.#reference = null; // the outputs may be large
    return compareOutputs(await session.readOutputs(), reference.outputs, toleranceOf(this.work));
  }
}

export function fallbackText({ fallback }: Placement): string {
  return fallback.map(({ op, nodes }) => (nodes === 1 ? op : `${op} x${nodes}`)).join(', ');
}
