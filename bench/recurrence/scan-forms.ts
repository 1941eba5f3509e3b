// Ways to write Mamba's selective scan for ONNX Runtime, at the width of mamba-130m: microseconds of CPU per token, one thread, in turn.
// 'within' makes the decays and inflows [states, width] of a step in the body of Scan (models/blocks/selective-scan.ts does);
// 'before' makes them for the whole sequence; 'states last' has them within, but in the layout [width, states].
//   node dist/bench/recurrence/scan-forms.js [width] [tokens]

import * as ort from 'onnxruntime-node';
import { add, encodeModel, exp, Graph, matmul, mul, scan, type Tensor } from '../../src/graph/index.js';
import { uniform } from '../../src/util/fill.js';
import { elementCount } from '../../src/util/tensor.js';

const [width, tokens] = [Number(process.argv[2]) || 1536, Number(process.argv[3]) || 512];
const STATES = 16;
const ROUNDS = 7;

type Shapes = Record<'rate' | 'start' | 'step' | 'inflow' | 'into' | 'from', number[]>;
const WIDTH_LAST: Shapes = {
  rate: [STATES, width],
  start: [STATES, width],
  step: [tokens, 1, width],
  inflow: [tokens, 1, width],
  into: [tokens, STATES, 1],
  from: [tokens, 1, STATES],
};
const STATES_LAST = Object.fromEntries(
  Object.entries(WIDTH_LAST).map(([name, shape]) => [name, [...shape.slice(0, -2), shape.at(-1)!, shape.at(-2)!]]),
) as Shapes;

type Body = (x: Record<keyof Shapes, Tensor>) => Tensor;
const within =
  (statesLast: boolean): Body =>
  (x) =>
    scan([x.start], [x.step, x.inflow, x.into, x.from], ([state], [step, inflow, into, from]) => {
      const fresh = statesLast ? matmul(inflow, into) : matmul(into, inflow);
      const next = add(mul(exp(mul(x.rate, step)), state), fresh);
      return { states: [next], results: [statesLast ? matmul(next, from) : matmul(from, next)] };
    }).results[0];
const before: Body = (x) => {
  const [decay, fresh] = [exp(mul(x.rate, x.step)), mul(x.into, x.inflow)];
  return scan([x.start], [decay, fresh, x.from], ([state], [factor, added, from]) => {
    const next = add(mul(factor, state), added);
    return { states: [next], results: [matmul(from, next)] };
  }).results[0];
};

const FORMS: [name: string, shapes: Shapes, body: Body][] = [
  ['within', WIDTH_LAST, within(false)],
  ['before', WIDTH_LAST, before],
  ['within, states last', STATES_LAST, within(true)],
];

const opened = await Promise.all(
  FORMS.map(async ([name, shapes, body]) => {
    const graph = new Graph();
    const inputs = Object.entries(shapes).map(([input, shape]) => [input, graph.input(input, 'float32', shape)]);
    graph.output('y', body(Object.fromEntries(inputs)));
    const model = encodeModel(graph, name, () => {
      throw new Error('no weights here');
    });
    const session = await ort.InferenceSession.create(model, { intraOpNumThreads: 1, interOpNumThreads: 1 });
    const feeds = Object.fromEntries(
      Object.entries(shapes).map(([input, shape]) => {
        const center = input === 'rate' ? -1 : 0.5; // rates are negative, time steps positive
        return [input, new ort.Tensor('float32', uniform(input, elementCount(shape), center, 0.5), shape)];
      }),
    );
    return { name, session, feeds, least: Number.POSITIVE_INFINITY };
  }),
);
for (let round = 0; round < ROUNDS; round++) {
  for (const form of opened) {
    const started = process.cpuUsage();
    await form.session.run(form.feeds);
    const { user, system } = process.cpuUsage(started);
    form.least = Math.min(form.least, user + system);
  }
}
for (const { name, least } of opened) console.log(`${name}: ${(least / tokens).toFixed(1)} us per token`);
