// One case from its description to its result, within the worker.

import { availableParallelism } from 'node:os';
import { availableMemoryBytes, clockDriftWarning } from '../hardware/index.js';
import { loadProvider } from '../provider/index.js';
import { startRuntime } from '../runtime/index.js';
import { OrtError, type Runtime, type RuntimeInfo, type Session, type SessionRequest } from '../runtime/session.js';
import { loadScenario } from '../scenario/index.js';
import type { Sampled } from '../scenario/scenario.js';
import { defaultStreams } from '../scenario/throughput.js';
import { UnsupportedError, UsageError } from '../util/error.js';
import { oneLine } from '../util/one-line.js';
import type { Warning } from '../util/warning.js';
import type { Case } from './case.js';
import type { Feeds } from './feeds.js';
import { memoryShortage } from './memory.js';
import type { Measurement, ModelFacts, Reason } from './outcome.js';
import type { CaseResult, Phase } from './protocol.js';
import { anyRawFile, takesAny } from './raw/files.js';
import type { Preparation } from './raw/preparation.js';
import type { RunSettings } from './settings.js';
import { type OpenedSource, openSource } from './source.js';

export interface CaseEvents {
  onProgress(phase: Phase, fraction: number): void;
  cancelled(): boolean;
  /** Hands out the session, so that a block in progress can be cancelled. */
  onSession(session: Session): void;
}

/** Everything that is not a case's own choice, so that all cases are comparable. */
function sessionRequest(work: Case, opened: OpenedSource): SessionRequest {
  return {
    source: opened.source,
    provider: work.provider,
    providerOptions: work.providerOptions,
    intraOpThreads: work.threads,
    interOpThreads: 1,
    optimization: 'all',
    spinning: true,
    memoryPattern: true,
    cpuArena: true,
    denormalsAsZero: false,
    config: {},
    freeDimensions: opened.freeDimensions,
  };
}

/** What ONNX Runtime says of a file that is no sound model. Of a graph of our own it would be our mistake. */
const UNSOUND_FILE = new Set(['INVALID_PROTOBUF', 'INVALID_GRAPH', 'NO_MODEL', 'NO_SUCHFILE']);

function reasonOf(error: unknown, work: Case): { state: 'failed' | 'unsupported'; reason: Reason } {
  const message = oneLine((error as Error).message ?? String(error));
  if (error instanceof UnsupportedError) return { state: 'unsupported', reason: { code: error.code, message } };
  if (error instanceof OrtError && error.code === 'NOT_IMPLEMENTED')
    return { state: 'unsupported', reason: { code: 'operator', message } };
  if (error instanceof OrtError) {
    const code = work.source.kind === 'file' && UNSOUND_FILE.has(error.code) ? 'bad-input' : 'ort-error';
    return { state: 'failed', reason: { code, message: `${error.code}: ${message}` } };
  }
  if (error instanceof UsageError) return { state: 'failed', reason: { code: 'bad-input', message } };
  const shown = process.env.HFBENCH_DEBUG === '1' ? oneLine((error as Error).stack ?? message, 4000) : message;
  return { state: 'failed', reason: { code: 'internal-error', message: shown } };
}

/** Raw inputs in place of made ones: for pipelines, and where the user gave some that this model takes. */
async function prepared(work: Case, opened: OpenedSource, settings: RunSettings, feeds: Feeds, nowNs: () => number) {
  const { raw: files } = settings;
  const pipeline = work.scenario === 'pipeline';
  if (!pipeline && !anyRawFile(files)) return null;
  const recipe = (await opened.recipe()) ?? { image: null, audio: null, text: null };
  if (!pipeline && !takesAny(recipe, files)) return null;
  const { prepare } = await import('./raw/preparation.js');
  return prepare(recipe, feeds, { files, threads: work.threads, nowNs });
}

interface Started {
  firstRunNs: number;
  preparation: Preparation | null;
}

/** Binds the first set of inputs with which the model runs, and runs it once. */
async function firstRun(
  session: Session,
  opened: OpenedSource,
  shared: boolean,
  prepareFeeds: (feeds: Feeds) => Promise<Preparation | null>,
): Promise<Started> {
  let firstError: unknown = null;
  for (const feeds of opened.feeds(session.inputs)) {
    const preparation = await prepareFeeds(feeds);
    try {
      await session.bind(feeds, shared);
      return { firstRunNs: await session.runOnce(), preparation };
    } catch (error) {
      if (!(error instanceof OrtError)) throw error;
      firstError ??= error;
    }
  }
  const advice = opened.advice(session.inputs);
  if (advice === null || !(firstError instanceof OrtError)) throw firstError;
  throw new OrtError(firstError.code, `${oneLine(firstError.message, 250)} (${advice})`);
}

/** Never rejects: what goes wrong is the result. */
export async function measureCase(work: Case, settings: RunSettings, events: CaseEvents): Promise<CaseResult> {
  const warnings: Warning[] = [];
  let facts: ModelFacts | null = null;
  let info: RuntimeInfo | null = null;
  let runtime: Runtime | null = null;
  const clocks = { steady: process.hrtime.bigint(), wall: Date.now() };
  const common = () => ({ runtime: info, model: facts, warnings });
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

    events.onProgress('open', 0);
    const { ortLibrary, fakeScript } = settings;
    runtime = await startRuntime({ name: work.runtime, ortLibrary, fakeScript, model: work.model });
    info = runtime.info;
    const provider = await loadProvider(work.provider);
    const context = { platform: process.platform, arch: process.arch, libraryProviders: info.providers };
    const availability = provider.availability(context);
    if (availability.state === 'unavailable') {
      const message = `${availability.reason}; ${availability.advice}`;
      return { ...common(), state: 'unsupported', reason: { code: 'provider', message } };
    }
    const session = await runtime.open(sessionRequest(work, opened));
    events.onSession(session);
    if (events.cancelled()) return interrupted();

    events.onProgress('first-run', 0);
    const { nowNs } = runtime;
    const { firstRunNs, preparation } = await firstRun(session, opened, work.scenario === 'pipeline', (feeds) =>
      prepared(work, opened, settings, feeds, nowNs),
    );
    events.onProgress('warm-up', 0);
    const page = await loadScenario(work.scenario);
    const streams = settings.streams || defaultStreams(availableParallelism(), work.threads);
    const sampled = await page.measure({
      session,
      prepare: preparation?.run ?? null,
      nowNs,
      firstRunNs,
      warmUp: settings.warmUp,
      sampling: settings.sampling,
      streams,
      cancelled: events.cancelled,
      onProgress: events.onProgress,
    });
    if (sampled === null) return interrupted();
    events.onProgress('done', 1);
    const measurement = measurementOf(work, opened, session, { firstRunNs, preparation }, sampled);
    await session.close();
    const drift = clockDriftWarning(Number(process.hrtime.bigint() - clocks.steady), (Date.now() - clocks.wall) * 1e6);
    if (drift && work.runtime !== 'fake') warnings.push(drift);
    return { ...common(), state: 'measured', measurement };
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
  { firstRunNs, preparation }: Started,
  sampled: Sampled,
): Measurement {
  return {
    ...sampled,
    parts: sampled.parts ?? null,
    kernel: null,
    raw: preparation?.facts ?? null,
    itemsPerRun: work.batch,
    firstRunNs,
    graphBuildNs: opened.graphBuildNs,
    ...session.openTimes,
    // A scripted runtime's memory says nothing of a model.
    peakRssBytes: work.runtime === 'fake' ? null : process.resourceUsage().maxRSS * 1024,
  };
}
