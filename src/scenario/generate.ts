// Generate: a prompt in one run, then token by token, again and again. The samples are the runs of one token, and the first runs
// are kept beside them. Tokens are fed as they are given, not sampled, as llama-bench does (ggml-org/llama.cpp, tools/llama-bench):
// choosing one is the work of whoever generates text, and every generation does the same.

import { type Block, Sampling } from '../measure/sampling.js';
import { WarmUp } from '../measure/warm-up.js';
import type { Generation } from '../runtime/session.js';
import type { ScenarioContext, ScenarioPage } from './scenario.js';

/** The first tokens are one sample a generation: fewer say little. llama-bench repeats as often. */
const FEWEST_GENERATIONS = 5;

/** Runs generations and keeps what they tell. */
class Generations {
  firstTokenNs: number[] = [];
  cacheBytes = 0;
  runs = 0;
  wallNs = 0;

  constructor(
    private readonly context: ScenarioContext,
    private readonly generation: Generation,
  ) {}

  /** Its runs of one token, with the wall time of all. */
  async #next(): Promise<Block> {
    const { durationsNs, wallNs, cpuNs, cacheBytes } = await this.context.session.generate(this.generation);
    if (durationsNs.length > 0) this.firstTokenNs.push(durationsNs[0]!);
    this.cacheBytes = cacheBytes;
    const tokens = durationsNs.subarray(1);
    this.runs += tokens.length;
    this.wallNs += wallNs;
    return { durationsNs: tokens, wallNs, cpuNs };
  }

  /** So many whole generations that there are `runs` runs of one token; fewer after a cancel. */
  async atLeast(runs: number): Promise<Block> {
    const blocks: Block[] = [];
    for (let count = 0; count < runs && !this.context.cancelled(); ) {
      const block = await this.#next();
      blocks.push(block);
      count += block.durationsNs.length;
      if (block.durationsNs.length < this.generation.runs - 1) break;
    }
    return {
      durationsNs: Float64Array.from(blocks.flatMap(({ durationsNs }) => [...durationsNs])),
      wallNs: blocks.reduce((sum, { wallNs }) => sum + wallNs, 0),
      cpuNs: blocks.reduce((sum, { cpuNs }) => sum + cpuNs!, 0),
    };
  }
}

/** Windows of the warm-up are cut from whole generations: one generation of a large model holds many. Null when cancelled. */
async function warm(context: ScenarioContext, generations: Generations): Promise<{ flat: boolean } | null> {
  const warmUp = new WarmUp(context.warmUp, context.firstRunNs);
  const left: number[] = [];
  let step = warmUp.next(null);
  while (!step.done) {
    if (context.cancelled()) return null;
    if (left.length < step.runs) left.push(...(await generations.atLeast(step.runs - left.length)).durationsNs);
    const durationsNs = Float64Array.from(left.splice(0, step.runs));
    step = warmUp.next({ durationsNs, wallNs: durationsNs.reduce((sum, ns) => sum + ns, 0) });
    context.onProgress('warm-up', Math.min(1, warmUp.wallNs / context.warmUp.maxTimeNs));
  }
  return step.reason === 'interrupted' ? null : { flat: step.reason === 'flat' };
}

export const scenario: ScenarioPage = {
  sample: 'one run of one token, within a generation',
  processes: 'one',
  async measure(context) {
    const generation = context.generation;
    if (generation === null) throw new Error('scenario generate: the source tells no generation');
    const warming = new Generations(context, generation);
    const warmed = await warm(context, warming);
    if (warmed === null) return null;

    const { maxSamples, maxTimeNs } = context.sampling;
    const fewest = Math.min(maxSamples, FEWEST_GENERATIONS * (generation.runs - 1));
    const rule = { ...context.sampling, minSamples: Math.max(context.sampling.minSamples, fewest) };
    const sampling = new Sampling(rule, warming.wallNs / warming.runs);
    const measured = new Generations(context, generation);
    let step = sampling.next(null);
    context.onProgress('sample', 0);
    while (!step.done) {
      step = context.cancelled()
        ? { done: true, reason: 'interrupted' }
        : sampling.next(await measured.atLeast(step.runs));
      const fraction = Math.max(sampling.wallNs / maxTimeNs, sampling.samplesNs.length / maxSamples);
      context.onProgress('sample', Math.min(1, fraction));
    }
    if (sampling.samplesNs.length === 0) return null;
    return {
      samplesNs: [...sampling.samplesNs],
      samplingWallNs: sampling.wallNs,
      samplingCpuNs: sampling.cpuNs,
      stop: step.reason,
      warmupRuns: warming.runs,
      warmupNs: warming.wallNs,
      warmupFlat: warmed.flat,
      streams: 1,
      generation: { firstTokenNs: measured.firstTokenNs, cacheBytes: measured.cacheBytes },
    };
  },
};
