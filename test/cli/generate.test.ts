// Scenario generate from the arguments to the bytes, with scripted durations: 40 ms to the first token, then 5.00 to 5.14 ms.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readReport } from '../../src/record/read-report.js';
import { folderWith, hfbench, SCRIPTED } from '../support/cli.js';
import { assertGolden } from '../support/golden.js';

const folder = folderWith();
const ARGS = [
  'run',
  'gpt2',
  'bert',
  '--size',
  'tiny',
  '--scenario',
  'generate',
  '--prompt',
  '16,60',
  '--generate',
  '8',
];

for (const format of ['table', 'markdown']) {
  test(`a decoder and an encoder as ${format}: what does not generate or has too few positions says so`, async () => {
    const { code, stdout, stderr } = await hfbench([...ARGS, ...SCRIPTED, '--format', format], folder);
    assert.is(stderr, '');
    assert.is(code, 0);
    assertGolden(`cli/generate-${format}.txt`, stdout);
  });
}

test('JSON keeps every sample; CSV has the columns', async () => {
  const outputs = ['--json', 'out.json', '--csv', 'out.csv'];
  const { code } = await hfbench([...ARGS, ...SCRIPTED, ...outputs], folder);
  assert.is(code, 0);
  const [record, tooLong] = readReport(join(folder, 'out.json')).records;
  const { row, samplesNs, firstTokenNs } = record!;
  assert.equal([row.prompt, row.generate, row.seq, row.scenario], [16, 8, null, 'generate']);
  assert.is(firstTokenNs!.length, row.generations);
  assert.is(samplesNs.length, firstTokenNs!.length * 8);
  assert.equal(samplesNs.slice(0, 8), [5e6, 5.02e6, 5.04e6, 5.06e6, 5.08e6, 5.1e6, 5.12e6, 5.14e6]);
  assert.equal([row.first_token_ns, row.latency_median_ns, row.cache_bytes], [40e6, 5.07e6, 49152]);
  assert.equal([row.prefill_tokens_per_s, row.throughput_items_per_s], [400, null]);
  assert.ok(Math.abs((row.decode_tokens_per_s as number) - 1000 / 5.07) < 1e-6);
  assert.is(tooLong!.row.reason_text, 'gpt2 has 64 positions, fewer than --prompt 60 and --generate 8');
  assert.is(tooLong!.firstTokenNs, undefined);
  const [head, first] = readFileSync(join(folder, 'out.csv'), 'utf8').split('\r\n');
  const cells = Object.fromEntries(head!.split(',').map((name, i) => [name, first!.split(',')[i]]));
  assert.equal(
    [cells.prompt, cells.generate, cells.first_token_ns, cells.generations],
    ['16', '8', '40000000', `${row.generations}`],
  );
});

test('a dry run names prompt and tokens', async () => {
  const { stdout } = await hfbench([...ARGS, ...SCRIPTED, '--dry-run'], folder);
  assert.match(stdout, /gpt2 tiny fp32 prompt 16 .*generate 8/);
  assert.match(stdout, /bert does not generate/);
});

test.run();
