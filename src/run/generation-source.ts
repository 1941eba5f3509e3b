// A page as the source of scenario generate: the form with a cache, run once over the prompt and then token by token, for
// encoder-decoders behind one run of the encoder. Tokens follow from the rule that makes all inputs: nothing is sampled.

import type { InputSpec } from '../../models/define.js';
import { makeInput } from '../../models/inputs.js';
import { dimValue, type Graph } from '../graph/index.js';
import type { StepFeed } from '../runtime/session.js';
import { UnsupportedError } from '../util/error.js';
import { BYTES, elementCount, type HostTensor } from '../util/tensor.js';
import type { Case } from './case.js';
import { assemble, DEFAULT_SEQ, factsOf, type PageSource, pageFeeds } from './page-source.js';
import { checkPositions } from './positions.js';
import type { RunSettings } from './settings.js';
import type { OpenedSource } from './source.js';

type Sizes = Record<string, number>;
type Form = ReturnType<typeof assemble>;

/** @throws UnsupportedError for models without a cached form, or with too few positions */
export function openGeneration(from: PageSource, work: Case, settings: RunSettings): OpenedSource {
  const { page, name } = from;
  const { prompt, generate } = work.generation!;
  if (!page.forms?.includes('cached'))
    throw new UnsupportedError(
      'scenario',
      `${name} does not generate: ${page.uncached ?? 'it has no form with a cache'}`,
    );
  const started = process.hrtime.bigint();
  const decoder = assemble(from, work, 'cached');
  const encoder = page.forms.includes('encode') ? assemble(from, work, 'encode') : null;
  const graphBuildNs = Number(process.hrtime.bigint() - started);

  const first: Sizes = {
    seq: DEFAULT_SEQ,
    ...page.sizes,
    ...settings.dims,
    batch: work.batch,
    ...(prompt !== null && { seq: prompt }),
    decoder_seq: 1,
    past: 0,
  };
  const links = encoder === null ? [] : handOver(encoder.graph, decoder.graph, first);
  /** The dimension of new tokens: the rest of an encoder-decoder's sizes stays as the encoder made it. */
  const fresh = 'decoder_input_ids' in decoder.inputs ? 'decoder_seq' : 'seq';
  const sizesOf = (step: number): Sizes => ({ ...first, [fresh]: 1, past: first[fresh]! + step });

  const before = fresh === 'seq' ? `--prompt ${prompt}` : 'a first token';
  checkPositions(name, decoder.graph, sizesOf(generate - 1), `${before} and --generate ${generate}`);
  if (encoder !== null) checkPositions(name, encoder.graph, first, `--prompt ${prompt}`);

  const forms = [encoder, decoder].flatMap((form) => form ?? []);
  const parts = forms.map(({ graph, source }) => ({ graph, bytes: source.bytes, sizes: first }));
  return {
    source: decoder.source,
    // A run is one token halfway through the generation: its work grows evenly with the cache.
    facts: factsOf(from, parts, { graph: decoder.graph, sizes: sizesOf(Math.floor(generate / 2)) }),
    graphBuildNs,
    freeDimensions: fixed(decoder.graph, first, new Set([fresh, 'past'])),
    generation: {
      states: decoder.graph.states,
      steps: stepFeeds(decoder.inputs, fresh, sizesOf, generate),
      runs: 1 + generate,
    },
    ...(encoder !== null && {
      encoder: {
        source: encoder.source,
        freeDimensions: fixed(encoder.graph, first, new Set()),
        feeds: pageFeeds(encoder.inputs, first, encoder.graph),
        links,
      },
    }),
    *feeds() {
      yield { ...pageFeeds(decoder.inputs, first, decoder.graph), ...emptyStates(decoder.graph, first) };
    },
    recipe: async () => null,
    advice: () => null,
  };
}

/** What the encoder gives to the decoder, by equal names; the decoder's names for the sizes of it join `sizes`. */
function handOver(encode: Graph, decode: Graph, sizes: Sizes) {
  const links = [];
  for (const { name, tensor } of encode.outputs) {
    const input = decode.inputs.find((candidate) => candidate.name === name);
    if (!input) continue;
    links.push({ output: name, input: name });
    for (const [axis, dim] of input.shape.entries()) {
      const size = dimValue(tensor.shape[axis]!, sizes);
      if (typeof dim === 'string' && size !== null) sizes[dim] = size;
    }
  }
  return links;
}

/** Dimensions that are the same in all runs. */
function fixed(graph: Graph, sizes: Sizes, changing: ReadonlySet<string>): Record<string, number> {
  const symbols = graph.symbols().filter((symbol) => symbol in sizes && !changing.has(symbol));
  return Object.fromEntries(symbols.map((symbol) => [symbol, sizes[symbol]!]));
}

/** States before the first token: caches of no length, and zeros. */
function emptyStates(graph: Graph, sizes: Sizes): Record<string, HostTensor> {
  const names = new Set(graph.states.map(({ input }) => input));
  const states = graph.inputs.filter(({ name }) => names.has(name));
  return Object.fromEntries(
    states.map(({ name, dtype, shape }) => {
      // What a window holds of the past has a dimension of its own: nothing yet.
      const known = shape.map((dim) => dimValue(dim, sizes) ?? 0);
      return [name, { dtype, shape: known, data: new Uint8Array(elementCount(known) * BYTES[dtype]) }];
    }),
  );
}

/** Inputs that change from run to run: tokens, and masks that grow with the past. */
function stepFeeds(inputs: Form['inputs'], fresh: string, sizesOf: (step: number) => Sizes, count: number): StepFeed[] {
  const shapeAt = ({ shape }: InputSpec, sizes: Sizes) => shape.map((dim) => dimValue(dim, sizes) ?? 0);
  const step = sizesOf(0);
  return Object.entries(inputs).flatMap(([name, spec]): StepFeed[] => {
    const shape = shapeAt(spec, step);
    const longer = shapeAt(spec, sizesOf(1));
    const wider = shapeAt(spec, { ...step, [fresh]: 2 });
    if (`${shape}` === `${longer}` && `${shape}` === `${wider}`) return [];
    const grows = shape.findIndex((size, axis) => size !== longer[axis]);
    const common = { name, dtype: spec.dtype, shape, grows: grows < 0 ? null : grows };
    // Equal values: every run reads as many as it needs from the front.
    if (spec.values.kind === 'constant')
      return [{ ...common, stride: 0, data: makeInput(name, spec, sizesOf(count - 1)).data }];
    const { data } = makeInput(`${name}:steps`, { ...spec, shape: [count, ...shape] }, step);
    return [{ ...common, stride: elementCount(shape), data }];
  });
}
