// Prefill time against the length of the sequence, for every model with recurrences: full width, one layer or two, a small vocabulary,
// one thread of onnxruntime-node. Time is the processor's, which other programs do not take; lengths take turns, and the least of each
// counts.
// A cost linear in the length doubles from one length to the next; attention would quadruple.
//   node dist/bench/recurrence/run.js [name,name...] [rounds]

import * as ort from 'onnxruntime-node';
import { buildModel } from '../../models/build.js';
import type { Json } from '../../models/config.js';
import { makeInput } from '../../models/inputs.js';
import { findModel, loadPage } from '../../models/registry.js';
import { encodeModel, filled } from '../../src/graph/index.js';
import { storeWeight } from '../../src/runtime/stored-weights.js';

const LENGTHS = [64, 128, 256, 512, 1024];
const VOCABULARY = 1000; // the head is no recurrence and would hide them

/** What differs from the full-size configuration: layers, and in Jamba the MLP, which would fill the memory and is no recurrence. */
const REDUCED: Record<string, Json> = {
  mamba: { num_hidden_layers: 2 },
  falcon_mamba: { num_hidden_layers: 1 },
  mamba2: { num_hidden_layers: 1 },
  rwkv: { num_hidden_layers: 2 },
  recurrent_gemma: { num_hidden_layers: 1 },
  jamba: { num_hidden_layers: 1, intermediate_size: 64 },
  zamba: { num_hidden_layers: 1, layers_block_type: ['mamba'] },
};

async function open(
  name: string,
): Promise<{ session: ort.InferenceSession; feeds: Map<number, ort.InferenceSession.FeedsType> }> {
  const row = findModel(name);
  if (!row) throw new Error(`no model '${name}'`);
  const page = await loadPage(row);
  const { graph, inputs } = buildModel(page, {
    ...page.variants[name].config,
    ...REDUCED[name],
    vocab_size: VOCABULARY,
  });
  const model = encodeModel(graph, name, (parameter) => ({ bytes: storeWeight(filled(parameter)) }));
  const session = await ort.InferenceSession.create(model, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  const feedsOf = (seq: number): ort.InferenceSession.FeedsType =>
    Object.fromEntries(
      Object.entries(inputs).map(([input, spec]) => {
        const { shape, data } = makeInput(input, spec, { batch: 1, seq });
        return [
          input,
          new ort.Tensor('int64', new BigInt64Array(data.buffer, data.byteOffset, data.byteLength / 8), shape),
        ];
      }),
    );
  return { session, feeds: new Map(LENGTHS.map((seq) => [seq, feedsOf(seq)])) };
}

const [list, rounds = '5'] = process.argv.slice(2);
for (const name of list ? list.split(',') : Object.keys(REDUCED)) {
  const { session, feeds } = await open(name);
  const least = new Map(LENGTHS.map((seq) => [seq, Number.POSITIVE_INFINITY]));
  for (let round = 0; round <= Number(rounds); round++) {
    for (const [seq, feed] of feeds) {
      const started = process.cpuUsage();
      await session.run(feed);
      const { user, system } = process.cpuUsage(started);
      const milliseconds = (user + system) / 1e3;
      if (round > 0) least.set(seq, Math.min(least.get(seq)!, milliseconds)); // the first round warms up
    }
  }
  await session.release();
  const times = LENGTHS.map((seq) => least.get(seq)!);
  console.log(`${name}`);
  console.log(`  CPU ms at ${LENGTHS.join(', ')}: ${times.map((time) => time.toFixed(1)).join(', ')}`);
  console.log(
    `  time(2n) / time(n): ${times
      .slice(1)
      .map((time, index) => (time / times[index]).toFixed(2))
      .join(', ')}`,
  );
}
