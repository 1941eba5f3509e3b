// One side of a duet: opens a case and plays bursts when it is told, so that two of these can take turns.

import { Worker } from 'node:worker_threads';
import { availableMemoryBytes } from '../../hardware/index.js';
import { loadProvider } from '../../provider/index.js';
import { startRuntime } from '../../runtime/index.js';
import type { Session } from '../../runtime/session.js';
import type { pipelineSampler } from '../../scenario/pipeline.js';
import { UnsupportedError } from '../../util/error.js';
import { hfbenchVersion } from '../../util/version.js';
import type { Case } from '../case.js';
import { reasonOf } from '../case-error.js';
import { openSession } from '../encoded-session.js';
import { bindAndRun } from '../first-run.js';
import { memoryShortage } from '../memory.js';
import { bindRaw } from '../raw/bind.js';
import { sessionRequest } from '../session-request.js';
import type { RunSettings } from '../settings.js';
import { openSource } from '../source.js';
import { digestOf, sampleOutputs } from './outputs.js';
import { DUET_PROTOCOL, type FromDuetWorker, type ToDuetWorker } from './protocol.js';

// Ctrl-C is the parent's to handle: it decides what is kept.
process.on('SIGINT', () => {});
new Worker(new URL('../../util/watchdog.js', import.meta.url), {
  resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1 },
}).unref();

type Burst = Omit<Extract<FromDuetWorker, { type: 'burst' }>, 'type'>;

let session: Session | null = null;
let play: (runs: number, streams: number) => Promise<Burst>;
let inputDigest = '';
let playing: Case | null = null;

/** The session, with the inputs noted that it was given last: those with which the model runs. */
function noting(inner: Session): Session {
  return new Proxy(inner, {
    get(target, key) {
      if (key !== 'bind') {
        const value = Reflect.get(target, key, target);
        return typeof value === 'function' ? value.bind(target) : value;
      }
      return (...args: Parameters<Session['bind']>) => {
        inputDigest = digestOf(args[0]);
        return target.bind(...args);
      };
    },
  });
}

function sampled(session: Session): typeof play {
  return async (runs, streams) => {
    const { durationsNs, wallNs } = await session.sample(runs, streams);
    return { durationsNs, wallNs, preprocessNs: null };
  };
}

/** Its scenario is loaded for pipelines alone: a pair of processes starts for every session. */
async function pipelined(driven: Parameters<typeof pipelineSampler>[0]): Promise<typeof play> {
  const { noParts, pipelineSampler } = await import('../../scenario/pipeline.js');
  return async (runs) => {
    const parts = noParts();
    const { durationsNs, wallNs } = await pipelineSampler(driven, parts)(runs);
    return { durationsNs, wallNs, preprocessNs: Float64Array.from(parts.preprocessNs) };
  };
}

async function open(work: Case, settings: RunSettings, part: number): Promise<FromDuetWorker> {
  playing = work;
  const opened = await openSource(work, settings);
  const scripted = work.runtime === 'fake';
  const shortage = scripted ? null : memoryShortage(opened.facts, await availableMemoryBytes());
  if (shortage !== null) return { type: 'refused', reason: shortage };
  const { ortLibrary, fakeScript, providerLibraries } = settings;
  const model = scripted ? `${work.model}#${part}` : work.model;
  const runtime = await startRuntime({ name: work.runtime, ortLibrary, fakeScript, providerLibraries, model });
  const plugins = providerLibraries.map(({ name }) => name);
  const provider = await loadProvider(work.provider, plugins);
  const { info } = runtime;
  const availability = provider.availability({
    platform: process.platform,
    arch: process.arch,
    libraryProviders: info.providers,
  });
  if (availability.state === 'unavailable')
    throw new UnsupportedError('provider', `${availability.reason}; ${availability.advice}`);
  session = noting(await openSession(runtime, await sessionRequest(work, opened, plugins), opened));
  const { firstRunNs, feedSet } = await bindAndRun(session, opened);
  const preparation = await bindRaw(work, settings, session, opened, feedSet, runtime.nowNs);
  play =
    work.scenario === 'pipeline'
      ? await pipelined({ session, prepare: preparation!.run, nowNs: runtime.nowNs, cancelled: () => false })
      : sampled(session);
  return { type: 'opened', runtime: info, sessionCreateNs: session.openTimes.sessionCreateNs, firstRunNs };
}

async function answer(message: ToDuetWorker): Promise<FromDuetWorker> {
  switch (message.type) {
    case 'open':
      return open(message.case, message.settings, message.session);
    case 'burst': {
      const { rewarmRuns, runs, streams } = message;
      if (rewarmRuns > 0) await play(rewarmRuns, streams);
      return { type: 'burst', ...(await play(runs, streams)) };
    }
    case 'outputs': {
      // Before the outputs are copied: the copies are no memory of the model.
      const peakRssBytes = playing!.runtime === 'fake' ? null : process.resourceUsage().maxRSS * 1024;
      const outputs = sampleOutputs(await session!.readOutputs());
      return { type: 'outputs', outputs, inputDigest, peakRssBytes };
    }
  }
}

process.on('message', async (message: ToDuetWorker) => {
  const said = await answer(message).catch((error): FromDuetWorker => {
    if (playing === null) throw error;
    return { type: 'refused', reason: reasonOf(error, playing).reason };
  });
  process.send!(said);
});
process.send!({ type: 'ready', protocol: DUET_PROTOCOL, hfbench: hfbenchVersion() } satisfies FromDuetWorker);
