// Generations against the rules of warm-up and stopping, with durations from a formula instead of a model.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { SAMPLING_RULE } from '../../src/measure/sampling.js';
import { WARM_UP_RULE } from '../../src/measure/warm-up.js';
import type { Generation, GenerationBlock, Session } from '../../src/runtime/session.js';
import { scenario } from '../../src/scenario/generate.js';
import type { ScenarioContext } from '../../src/scenario/scenario.js';

const TOKENS = 10;
const generation: Generation = { states: [], steps: [], runs: 1 + TOKENS };

/** @param tokenNs duration of a run of one token in a generation: both count from 0 */
class PlayedSession {
  generations = 0;
  cancelAt = Number.POSITIVE_INFINITY;
  cancelled = false;

  constructor(private readonly tokenNs: (generation: number, token: number) => number) {}

  async generate({ runs }: Generation): Promise<GenerationBlock> {
    const number = this.generations++;
    this.cancelled = number >= this.cancelAt;
    const count = this.cancelled ? 4 : runs;
    const durationsNs = Float64Array.from({ length: count }, (_, i) =>
      i === 0 ? 30e6 + number : this.tokenNs(number, i - 1),
    );
    const wallNs = durationsNs.reduce((sum, ns) => sum + ns, 0);
    return { durationsNs, wallNs, cpuNs: 2 * wallNs, cacheBytes: 100 * count };
  }
}

const context = (session: PlayedSession, changes: Partial<ScenarioContext> = {}): ScenarioContext => ({
  session: session as unknown as Session,
  prepare: null,
  nowNs: () => 0,
  firstRunNs: 50e6,
  warmUp: WARM_UP_RULE,
  sampling: SAMPLING_RULE,
  streams: 1,
  generation,
  cancelled: () => session.cancelled,
  onProgress: () => {},
  ...changes,
});

test('samples are whole generations after the warm-up, their first runs apart', async () => {
  const session = new PlayedSession((_, token) => 10e6 + token * 1e4);
  const sampled = (await scenario.measure(context(session)))!;
  const { firstTokenNs, cacheBytes } = sampled.generation!;
  assert.is(sampled.samplesNs.length, firstTokenNs.length * TOKENS);
  assert.is(sampled.warmupRuns, (session.generations - firstTokenNs.length) * TOKENS);
  assert.is(firstTokenNs.at(-1), 30e6 + session.generations - 1);
  assert.is(cacheBytes, 100 * (1 + TOKENS));
  assert.equal([sampled.stop, sampled.warmupFlat, sampled.streams], ['target-ci', true, 1]);
  assert.ok(sampled.samplingWallNs >= SAMPLING_RULE.minTimeNs);
  assert.is(sampled.samplingCpuNs, 2 * sampled.samplingWallNs);
  assert.ok(firstTokenNs.length >= 5, 'enough first tokens');
});

test('one generation of a slow model is warm-up enough, and the time bounds what follows', async () => {
  const session = new PlayedSession(() => 2e9);
  const sampled = (await scenario.measure(context(session)))!;
  assert.is(sampled.warmupRuns, TOKENS);
  assert.is(sampled.stop, 'max-time');
  assert.is(sampled.samplesNs.length, TOKENS);
});

test('runs that still become faster are warmed up until the time is over', async () => {
  const session = new PlayedSession((number, token) => 100e6 * 0.97 ** (number * TOKENS + token));
  const sampled = (await scenario.measure(context(session)))!;
  assert.ok(sampled.warmupRuns > 20, `${sampled.warmupRuns}`);
});

test('bounds of the number of samples hold to whole generations', async () => {
  const session = new PlayedSession(() => 1e6);
  const sampling = { ...SAMPLING_RULE, maxSamples: 15, minSamples: 1 };
  const sampled = (await scenario.measure(context(session, { sampling })))!;
  assert.equal([sampled.stop, sampled.samplesNs.length], ['max-samples', 20]);
});

test('a cancel keeps the tokens that were made; before the first sample nothing is left', async () => {
  const late = new PlayedSession((_, token) => 10e6 + token * 1e6);
  late.cancelAt = 8;
  const sampled = (await scenario.measure(context(late)))!;
  assert.is(sampled.stop, 'interrupted');
  assert.is(sampled.samplesNs.length % TOKENS, 3);
  const early = new PlayedSession(() => 10e6);
  early.cancelAt = 0;
  assert.is(await scenario.measure(context(early)), null);
});

test.run();
