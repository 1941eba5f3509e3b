// Tokenizers against their peers on one thread, interleaved in one run: node dist/bench/preprocess/text.js [rounds]
// Texts: sentences of English prose from the comments of TypeScript's library files. Vocabularies: test/fixtures/tokenizers.
// The peer transformers.js runs where it is installed (npm ci in bench/preprocess); else a stand-in does what it does with the
// ids of @huggingface/tokenizers: pad arrays row by row, flatten, convert to BigInt64Array.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

// Before any of them starts its threads.
process.env.RAYON_NUM_THREADS = '1';
process.env.TOKENIZERS_PARALLELISM = 'false';

const ROOT = new URL('../../../', import.meta.url).pathname;
const ROUNDS = Number(process.argv[2] ?? 7);
const COUNT = 10_000;

const { Tokenizer } = await import('../../src/preprocess/tokenizer.js');
const { Tokenizer: RustTokenizer } = await import('tokenizers');
const { Tokenizer: JavaScriptTokenizer } = await import('@huggingface/tokenizers');

function sentences(): string[] {
  const folder = `${ROOT}node_modules/typescript/lib`;
  const found = new Set<string>();
  for (const name of readdirSync(folder).filter((file) => /^lib\..*\.d\.ts$/.test(file))) {
    for (const [comment] of readFileSync(`${folder}/${name}`, 'utf8').matchAll(/\/\*\*[\s\S]*?\*\//g)) {
      const text = comment.replace(/^\s*\/?\*+\/?/gm, ' ').replace(/\[MDN Reference\]\([^)]*\)/g, '');
      for (const sentence of text.split(/(?<=[.?!])\s+/)) {
        if (sentence.trim().length > 40) found.add(sentence.replace(/\s+/g, ' ').trim());
      }
    }
  }
  const all = [...found];
  return Array.from({ length: COUNT }, (_, i) => all[i % all.length]!);
}

type Side = { name: string; run: () => unknown };

/** Runs every side once to warm it, then all in turn; prints median, best, and the ratio of medians to the first side's. */
async function compare(title: string, sides: Side[]): Promise<void> {
  const timesMs = sides.map((): number[] => []);
  for (const side of sides) await side.run();
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, side] of sides.entries()) {
      const start = performance.now();
      await side.run();
      timesMs[i]!.push(performance.now() - start);
    }
  }
  const medians = timesMs.map((times) => times.sort((a, b) => a - b)[Math.floor(times.length / 2)]!);
  console.log(`\n${title}`);
  sides.forEach(({ name }, i) => {
    const numbers = [medians[i]!.toFixed(2).padStart(9), timesMs[i]![0]!.toFixed(2).padStart(9)];
    console.log(`  ${name.padEnd(58)}${numbers.join('')}${`${(medians[i]! / medians[0]!).toFixed(1)}x`.padStart(8)}`);
  });
}

const texts = sentences();
const units = texts.reduce((sum, text) => sum + text.length, 0);
const jsonOf = (name: string) => readFileSync(`${ROOT}test/fixtures/tokenizers/${name}.json`, 'utf8');

/** What transformers.js does once the ids are there: pads arrays, flattens them and converts each number to a bigint. */
function padInJavaScript(rows: number[][]): BigInt64Array[] {
  const length = Math.max(...rows.map((row) => row.length));
  const pad = (row: number[], value: number) => [...row, ...new Array<number>(length - row.length).fill(value)];
  const masks = rows.map((row) => new Array<number>(row.length).fill(1));
  const types = rows.map((row) => new Array<number>(row.length).fill(0));
  return [rows, masks, types].map((part) => BigInt64Array.from(part.flatMap((row) => pad(row, 0)).map(BigInt)));
}

async function transformersSide(json: string): Promise<Side> {
  if (!existsSync(`${ROOT}bench/preprocess/node_modules/@huggingface/transformers`)) {
    const peer = new JavaScriptTokenizer(JSON.parse(json), {});
    const run = () => padInJavaScript(texts.map((text) => peer.encode(text).ids));
    return { name: 'stand-in for transformers.js (not installed)', run };
  }
  const path = createRequire(`${ROOT}bench/preprocess/package.json`).resolve('@huggingface/transformers');
  const { PreTrainedTokenizer } = await import(pathToFileURL(path).href);
  const peer = new PreTrainedTokenizer(JSON.parse(json), { pad_token: '[PAD]', model_max_length: 512 });
  return { name: 'transformers.js', run: () => peer(texts, { padding: true, truncation: true }) };
}

console.log(`${COUNT} sentences, ${units} UTF-16 units, ${ROUNDS} rounds, Node ${process.version}`);
console.log(`${''.padEnd(60)}${'median ms'.padStart(9)}${'best ms'.padStart(9)}${'ratio'.padStart(8)}`);
const encoder = new TextEncoder();
const scratch = new Uint8Array(units * 3);
const floor: Side = {
  name: 'floor: the texts as UTF-8, nothing else',
  run: () => texts.reduce((used, text) => used + encoder.encodeInto(text, scratch.subarray(used)).written, 0),
};

for (const name of ['bert', 'gpt2', 'llama3', 'qwen2', 'llama2', 'xlm-roberta']) {
  const json = jsonOf(name);
  const ours = await Tokenizer.open(JSON.parse(json));
  const rust = RustTokenizer.fromString(json);
  const javascript = new JavaScriptTokenizer(JSON.parse(json), {});
  await compare(`${name}: ids of ${ours.ids(texts).ids.length} tokens`, [
    { name: 'hfbench', run: () => ours.ids(texts) },
    { name: 'hfbench, opened anew: no word is known', run: async () => (await Tokenizer.open(JSON.parse(json))).ids(texts) },
    { name: 'hfbench, opening alone', run: () => Tokenizer.open(JSON.parse(json)) },
    floor,
    { name: '@huggingface/tokenizers (JavaScript)', run: () => texts.map((text) => javascript.encode(text).ids) },
    { name: 'tokenizers (Rust), encoded', run: () => rust.encodeBatch(texts) },
    { name: 'tokenizers (Rust), ids read', run: async () => (await rust.encodeBatch(texts)).map((encoding) => encoding.getIds()) },
  ]);
}

const bert = jsonOf('bert');
const ours = await Tokenizer.open(JSON.parse(bert));
const truncation = { maxLength: 512 };
const reuse = ours.encode(texts, { truncation });
await compare(`bert: padded to [${reuse.rows}, ${reuse.length}] ids, masks and types, int64`, [
  { name: 'hfbench, memory used again', run: () => ours.encode(texts, { truncation, reuse }) },
  { name: 'hfbench, new memory', run: () => ours.encode(texts, { truncation }) },
  await transformersSide(bert),
]);
