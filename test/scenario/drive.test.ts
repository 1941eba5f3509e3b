// The driving of a session by the rules of warm-up and sampling, with a session that plays numbers.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { SAMPLING_RULE } from '../../src/measure/sampling.js';
import { WARM_UP_RULE } from '../../src/measure/warm-up.js';
import type { Session } from '../../src/runtime/session.js';
import { scenario as coldStart } from '../../src/scenario/cold-start.js';
import { loadScenario, SCENARIO_NAMES } from '../../src/scenario/index.js';
import { scenario as latency } from '../../src/scenario/latency.js';
import type { ScenarioContext } from '../../src/scenario/scenario.js';
import { defaultStreams, scenario as throughput } from '../../src/scenario/throughput.js';

/** Every run takes `runNs`; remembers what it was asked for. */
class PlayedSession {
  asked: { count: number; streams: number }[] = [];
  openTimes = { weightFillNs: null, weightBytes: null, sessionCreateNs: 5e6 };
  constructor(
    private readonly runNs: (index: number) => number,
    private readonly stopAfter = Number.POSITIVE_INFINITY,
  ) {}

  async sample(count: number, streams = 1) {
    this.asked.push({ count, streams });
    const start = this.asked.slice(0, -1).reduce((sum, block) => sum + block.count, 0);
    const kept = Math.max(0, Math.min(count, this.stopAfter - start));
    const durationsNs = Float64Array.from({ length: kept }, (_, i) => this.runNs(start + i));
    const busyNs = durationsNs.reduce((sum, ns) => sum + ns, 0);
    return { durationsNs, wallNs: busyNs / streams, cpuNs: busyNs };
  }
}

function context(session: PlayedSession, changes: Partial<ScenarioContext> = {}): ScenarioContext {
  return {
    session: session as unknown as Session,
    prepare: null,
    nowNs: () => 0,
    firstRunNs: 3e6,
    warmUp: WARM_UP_RULE,
    sampling: SAMPLING_RULE,
    streams: 1,
    generation: null,
    cancelled: () => false,
    onProgress: () => {},
    ...changes,
  };
}

test('warm-up is not among the samples', async () => {
  // Slow for the first 300 runs, then steady.
  const session = new PlayedSession((index) => (index < 300 ? 2e6 - index * 3000 : 1e6));
  const sampled = (await latency.measure(context(session)))!;
  assert.ok(sampled.warmupRuns >= 300, `${sampled.warmupRuns} warm-up runs`);
  assert.ok(sampled.warmupFlat);
  assert.ok(sampled.samplesNs.every((ns) => ns === 1e6));
  assert.is(sampled.stop, 'target-ci');
  assert.is(sampled.samplingWallNs, sampled.samplesNs.length * 1e6);
  assert.is(sampled.samplingWallNs >= SAMPLING_RULE.minTimeNs, true);
});

test('latency has one stream, whatever the run has; throughput has all', async () => {
  const alone = new PlayedSession(() => 1e6);
  assert.is((await latency.measure(context(alone, { streams: 4 })))!.streams, 1);
  assert.ok(alone.asked.every(({ streams }) => streams === 1));
  const many = new PlayedSession(() => 1e6);
  const sampled = (await throughput.measure(context(many, { streams: 4 })))!;
  assert.is(sampled.streams, 4);
  assert.ok(many.asked.every(({ streams }) => streams === 4));
  assert.ok(Math.abs(sampled.samplingWallNs - (sampled.samplesNs.length * 1e6) / 4) < 1);
});

test('time that runs out ends both phases', async () => {
  const session = new PlayedSession(() => 1e9);
  const sampling = { ...SAMPLING_RULE, maxTimeNs: 3e9 };
  const sampled = (await latency.measure(context(session, { sampling, warmUp: { ...WARM_UP_RULE, maxTimeNs: 2e9 } })))!;
  assert.is(sampled.stop, 'max-time');
  assert.not(sampled.warmupFlat);
  assert.is(sampled.samplesNs.length, 3);
});

test('a cancel during warm-up gives nothing, during sampling what there is', async () => {
  const early = new PlayedSession(() => 1e6, 10);
  assert.is(await latency.measure(context(early)), null);

  const between = new PlayedSession(() => 1e6);
  let blocks = 0;
  const sampled = await latency.measure(
    context(between, {
      sampling: { ...SAMPLING_RULE, minTimeNs: 1e12, maxTimeNs: 1e12 },
      onProgress: (phase) => {
        if (phase === 'sample') blocks++;
      },
      cancelled: () => blocks > 3,
    }),
  );
  assert.is(sampled!.stop, 'interrupted');
  assert.ok(sampled!.samplesNs.length > 0);
});

test('progress never goes back within a phase and ends at one', async () => {
  const seen: Record<string, number[]> = { 'warm-up': [], sample: [] };
  const sampling = { ...SAMPLING_RULE, minTimeNs: 2e9, maxTimeNs: 2e9 };
  await latency.measure(
    context(new PlayedSession((i) => 1e6 + (i % 7) * 1e5), {
      sampling,
      onProgress: (phase, fraction) => seen[phase]!.push(fraction),
    }),
  );
  for (const fractions of Object.values(seen)) {
    assert.ok(fractions.length > 0);
    assert.equal(
      fractions,
      [...fractions].sort((a, b) => a - b),
    );
    assert.ok(fractions.every((fraction) => fraction >= 0 && fraction <= 1));
  }
});

test('cold start: session creation and first run, once a process', async () => {
  assert.is(coldStart.processes, 'many');
  const session = new PlayedSession(() => 1e6);
  const sampled = (await coldStart.measure(context(session)))!;
  assert.equal(sampled.samplesNs, [8e6]);
  assert.equal(session.asked, [], 'nothing else is run');
});

test('streams fill the cores', () => {
  assert.is(defaultStreams(8, 1), 8);
  assert.is(defaultStreams(8, 3), 2);
  assert.is(defaultStreams(2, 4), 1);
  assert.is(defaultStreams(8, 0), 8);
});

test('every scenario that is offered can be loaded', async () => {
  for (const name of SCENARIO_NAMES) assert.ok((await loadScenario(name)).sample.length > 0, name);
});

test.run();
