// Text rows: ids and padded batches of 10,000 sentences, English prose from the comments of TypeScript's library files. The
// vocabularies are those of test/fixtures/tokenizers: a tenth of the real ones' size, so there are more tokens to a word.

import { readdirSync, readFileSync } from 'node:fs';
import { type Targets, tokenizer } from '../../src/preprocess/index.js';
import type { Contest } from './contest.js';
import type { Peers } from './peers.js';

// Rust starts its threads at the first batch.
process.env.RAYON_NUM_THREADS = '1';

const COUNT = 10_000;
const LENGTH = 128;

function sentences(): string[] {
  const folder = `node_modules/typescript/lib`;
  const found = new Set<string>();
  for (const name of readdirSync(folder).filter((file) => /^lib\..*\.d\.ts$/.test(file))) {
    for (const [comment] of readFileSync(`${folder}/${name}`, 'utf8').matchAll(/\/\*\*[\s\S]*?\*\//g)) {
      const text = comment.replace(/^\s*\/?\*+\/?/gm, ' ').replace(/\[MDN Reference\]\([^)]*\)/g, '');
      for (const sentence of text.split(/(?<=[.?!])\s+/)) {
        if (sentence.length > 40 && sentence.length < 160) found.add(sentence.replace(/\s+/g, ' ').trim());
      }
    }
  }
  const all = [...found];
  return Array.from({ length: COUNT }, (_, i) => all[i % all.length]!);
}

type Goal = { avx512: number; avx2: number };

/** The goals are not bound to vector code: text has none. */
const least = (times: number): Goal => ({ avx512: times, avx2: times });

const FAMILIES: Record<string, { javascript?: Goal; rust?: Goal }> = {
  bert: { javascript: least(12), rust: least(20) },
  gpt2: { rust: least(4) },
  llama3: { rust: least(4) },
  qwen2: { rust: least(4) },
  llama2: {},
  'xlm-roberta': {},
};

/** Memory that no run has touched. A result that is not released would be no such thing: it takes what the pool has. */
function freshTensors(): Targets {
  const fresh = () => ({ dtype: 'int64' as const, shape: [COUNT, LENGTH], data: new Uint8Array(8 * COUNT * LENGTH) });
  return { input_ids: fresh(), attention_mask: fresh(), token_type_ids: fresh() };
}

export async function textContests({ transformers }: Peers): Promise<Contest[]> {
  const { Tokenizer: Rust } = await import('tokenizers');
  const { Tokenizer: JavaScript } = await import('@huggingface/tokenizers');
  const texts = sentences();
  const encoder = new TextEncoder();
  const scratch = new Uint8Array(3 * texts.reduce((sum, text) => sum + text.length, 0));
  const copy = () => texts.reduce((at, text) => at + encoder.encodeInto(text, scratch.subarray(at)).written, 0);
  const floor = { name: 'the texts as UTF-8, nothing else', run: copy };
  const jsonOf = (name: string) => readFileSync(`test/fixtures/tokenizers/${name}.json`, 'utf8');

  const contests: Contest[] = [];
  for (const [name, goals] of Object.entries(FAMILIES)) {
    const json = jsonOf(name);
    const ours = await tokenizer(JSON.parse(json));
    const rust = Rust.fromString(json);
    const javascript = new JavaScript(JSON.parse(json), {});
    contests.push({
      task: `text ${name}: ids of ${COUNT} sentences`,
      hfbench: () => ours.ids(texts),
      peers: [
        {
          name: '@huggingface/tokenizers',
          run: () => texts.map((text) => javascript.encode(text).ids),
          ...(goals.javascript && { goal: goals.javascript }),
        },
        {
          name: 'tokenizers (Rust)',
          run: async () => (await rust.encodeBatch(texts)).map((encoding) => encoding.getIds()),
          ...(goals.rust && { goal: goals.rust }),
        },
        { name: 'hfbench, opened anew', run: async () => (await tokenizer(JSON.parse(json))).ids(texts) },
      ],
      floor,
      rounds: 5,
    });
  }

  const bert = JSON.parse(jsonOf('bert'));
  const ours = await tokenizer(bert);
  const options = { truncation: { maxLength: LENGTH }, padding: { length: LENGTH } };
  const peer = new transformers.PreTrainedTokenizer(bert, { pad_token: '[PAD]', model_max_length: LENGTH });
  const target = new BigInt64Array(3 * COUNT * LENGTH);
  const filled = new BigInt64Array(target.length);
  contests.push({
    task: `text bert: ${COUNT} sentences padded to ${LENGTH}, with masks and types`,
    hfbench: () => ours.encode(texts, options).release(),
    peers: [
      {
        name: 'transformers.js',
        run: () => peer(texts, { padding: 'max_length', truncation: true, max_length: LENGTH }),
        goal: least(40),
      },
      { name: 'hfbench, into new memory', run: () => ours.encode(texts, { ...options, into: freshTensors() }) },
    ],
    floor: { name: 'copying the result once', run: () => target.set(filled) },
    rounds: 5,
  });
  return contests;
}
