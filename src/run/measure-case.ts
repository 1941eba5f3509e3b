// One case from its description to its result, within the worker.

import { availableParallelism } from 'node:os';
import { availableMemoryBytes, clockDriftWarning } from '../hardware/index.js';
import { loadProvider } from '../provider/index.js';
import type { Provider } from '../provider/provider.js';
import { startRuntime } from '../runtime/index.js';
import type { Runtime, RuntimeInfo, Session } from '../runtime/session.js';
import { loadScenario } from '../scenario/index.js';
import type { Sampled } from '../scenario/scenario.js';
import { defaultStreams } from '../scenario/throughput.js';
import type { Warning } from '../util/warning.js';
import type { Case } from './case.js';
import { reasonOf } from './case-error.js';
import { deviceSamples } from './device-samples.js';
import { openSession } from './encoded-session.js';
import type { Evidence } from './evidence.js';
import { EvidenceGatherer } from './evidence-gatherer.js';
import { bindAndRun } from './first-run.js';
import { hostSamples } from './host-samples.js';
import { memoryShortage } from './memory.js';
import type { Measurement, ModelFacts, Reason } from './outcome.js';
import { takeProfile } from './profile.js';
import type { CaseResult, MeasuredResult, Phase } from './protocol.js';
import { bindRaw } from './raw/bind.js';
import { SensorWatch } from './sensor-watch.js';
import { sessionRequest } from './session-request.js';
import type { RunSettings } from './settings.js';
import { type OpenedSource, openSource } from './source.js';

export interface CaseEvents {
  onProgress(phase: Phase, fraction: number): void;
  /** The samples are taken: whatever becomes of this process now, they are not lost. See FromWorker. */
  onMeasured(result: MeasuredResult, proven: boolean): void;
  cancelled(): boolean;
  /** Hands out the session, so that a block in progress can be cancelled. */
  onSession(session: Session): void;
}

function unavailable(provider: Provider, info: RuntimeInfo): Reason | null {
  const context = { platform: process.platform, arch: process.arch, libraryProviders: info.providers };
  const availability = provider.availability(context);
  if (availability.state === 'available') return null;
  return { code: 'provider', message: `${availability.reason}; ${availability.advice}` };
}

/** Never rejects: what goes wrong is the result. */
export async function measureCase(work: Case, settings: RunSettings, events: CaseEvents): Promise<CaseResult> {
  const warnings: Warning[] = [];
  let facts: ModelFacts | null = null;
  let info: RuntimeInfo | null = null;
  let runtime: Runtime | null = null;
  let evidence: Evidence | undefined;
  const clocks = { steady: process.hrtime.bigint(), wall: Date.now() };
  const common = () => ({ runtime: info, model: facts, warnings, ...(evidence && { evidence }) });
  const interrupted = (): CaseResult => ({
    ...common(),
    state: 'skipped',
    reason: { code: 'interrupted', message: 'interrupted before its first sample' },
  });
  try {
    events.onProgress('build', 0);
    const opened = await openSource(work, settings);
    facts = opened.facts;
    const shortage = work.runtime === 'fake' ? null : memoryShortage(facts, await availableMemoryBytes());
    if (shortage !== null) return { ...common(), state: 'skipped', reason: shortage };

    const { ortLibrary, fakeScript, providerLibraries } = settings;
    const choice = { name: work.runtime, ortLibrary, fakeScript, providerLibraries, model: work.model };
    runtime = await startRuntime(choice);
    info = runtime.info;
    const plugins = providerLibraries.map(({ name }) => name);
    const provider = await loadProvider(work.provider, plugins);
    const reason = unavailable(provider, info);
    if (reason !== null) return { ...common(), state: 'unsupported', reason };
    const gatherer = new EvidenceGatherer(work, settings, provider.ortName, opened);
    const reference = gatherer.referenceCase();
    if (reference !== null) {
      events.onProgress('reference', 0);
      await gatherer.computeReference(reference);
    }

    events.onProgress('open', 0);
    const request = await sessionRequest(work, opened, plugins, gatherer.config());
    const session = await openSession(runtime, request, opened);
    events.onSession(session);
    if (events.cancelled()) return interrupted();

    events.onProgress('first-run', 0);
    const { firstRunNs, feedSet } = await bindAndRun(session, opened);
    if (work.runtime !== 'fake') events.onProgress('verify', 0);
    evidence = await gatherer.gather(session, feedSet);
    const refuted = evidence ? gatherer.refutation(evidence) : null;
    if (refuted !== null) return { ...common(), state: 'failed', reason: refuted };
    const { nowNs } = runtime;
    const preparation = await bindRaw(work, settings, session, opened, feedSet, nowNs);
    const syncNs = await session.syncCost?.();

    events.onProgress('warm-up', 0);
    const page = await loadScenario(work.scenario);
    const streams = settings.streams || defaultStreams(availableParallelism(), work.threads);
    const watch = new SensorWatch(work);
    const sampled = await page.measure({
      session: work.runtime === 'fake' ? session : watch.watched(session),
      prepare: preparation?.run ?? null,
      nowNs,
      firstRunNs,
      warmUp: settings.warmUp,
      sampling: settings.sampling,
      streams,
      generation: opened.generation ?? null,
      cancelled: events.cancelled,
      onProgress: (phase, fraction) => {
        if (phase === 'sample' && work.runtime !== 'fake') watch.start();
        events.onProgress(phase, fraction);
      },
    });
    const sensors = watch.stop();
    if (sampled === null) return interrupted();
    const fromHost = work.scenario === 'latency' && !events.cancelled();
    const hostSamplesNs = fromHost ? await hostSamples(session, sampled.samplesNs) : undefined;
    events.onProgress('done', 1);
    const measurement: Measurement = {
      ...measurementOf(work, opened, session, firstRunNs, sampled),
      raw: preparation?.facts ?? null,
      ...(syncNs && { syncNs }),
      ...(hostSamplesNs && { hostSamplesNs }),
      ...(sensors && { sensors }),
    };
    if (events.cancelled()) return { ...common(), state: 'measured', measurement };
    const soFar = (): MeasuredResult => ({ ...common(), state: 'measured', measurement });
    const proven = evidence === undefined || evidence.placement !== null;
    events.onMeasured(soFar(), proven);
    const { profileFolder } = settings;
    const profile =
      profileFolder === null ? null : await takeProfile(work, session, runtime, request, opened, profileFolder);
    if (evidence) {
      evidence = await gatherer.complete(evidence, session, runtime, request);
      const late = gatherer.refutation(evidence);
      if (late !== null) return { ...common(), state: 'failed', reason: late, partial: measurement };
    }
    await session.close();
    if (fromHost) {
      // All samples once more, so only where something has come to them.
      if (!proven || profile) events.onMeasured({ ...soFar(), ...(profile && { profile }) }, true);
      const { sessionCreateNs } = session.openTimes;
      const times = await deviceSamples(work, runtime, request, opened, sessionCreateNs, sampled.samplesNs);
      if (times !== null && 'samplesNs' in times) measurement.deviceSamplesNs = times.samplesNs;
      else if (times !== null) warnings.push(times.warning);
    }
    const drift = clockDriftWarning(Number(process.hrtime.bigint() - clocks.steady), (Date.now() - clocks.wall) * 1e6);
    if (drift && work.runtime !== 'fake') warnings.push(drift);
    return { ...common(), state: 'measured', measurement, ...(profile && { profile }) };
  } catch (error) {
    return { ...common(), ...reasonOf(error, work) };
  } finally {
    await runtime?.close().catch(() => {});
  }
}

function measurementOf(
  work: Case,
  opened: OpenedSource,
  session: Session,
  firstRunNs: number,
  sampled: Sampled,
): Measurement {
  return {
    ...sampled,
    parts: sampled.parts ?? null,
    raw: null,
    kernel: null,
    itemsPerRun: work.batch,
    firstRunNs,
    // Beside scripted durations, real ones and the memory of a scripted runtime say nothing of a model.
    graphBuildNs: work.runtime === 'fake' ? null : opened.graphBuildNs,
    ...session.openTimes,
    peakRssBytes: work.runtime === 'fake' ? null : process.resourceUsage().maxRSS * 1024,
  };
}
