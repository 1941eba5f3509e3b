// `hfbench models` as a user runs it: states, filters, forms, and a new page from the template.

import { cpSync, existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { NameState } from '../../models/states.js';
import { placeOf } from '../../src/cli/new-model.js';
import { type Finished, folderWith, hfbench } from '../support/cli.js';
import { assertGolden, ROOT } from '../support/golden.js';

const folder = folderWith();
const models = async (...args: string[]): Promise<string> => {
  const { code, stdout, stderr } = await hfbench(['models', ...args], folder);
  assert.is(code, 0, stderr);
  return stdout;
};

for (const format of ['table', 'csv', 'markdown', 'json']) {
  test(`names that nobody can build, as ${format}`, async () => {
    assertGolden(`cli/models-${format}.txt`, await models('--state', 'closed,artefact', '--format', format));
  });
}

test('every name is in one state, and the counts add up', async () => {
  const rows = JSON.parse(await models('--format', 'json')) as NameState[];
  assert.is(new Set(rows.map(({ name }) => name)).size, rows.length);
  const find = (name: string) => rows.find((row) => row.name === name)!;
  assert.is(find('llama').state, 'page');
  assert.equal([find('codellama').state, find('codellama').of], ['alias', 'code_llama']);
  assert.equal([find('code_llama').state, find('code_llama').of], ['alias', 'llama']);
  const decoders = rows.filter(({ category }) => category === 'decoder-only');
  const table = await models('--category', 'decoder-only');
  assert.match(table, new RegExp(`decoder-only +\\d+ .* ${decoders.length}\n$`));
});

test('text categories have no missing name but those that take pictures or sound', async () => {
  const text = await models('--category', 'decoder-only,encoder-only,encoder-decoder', '--state', 'missing', '--json');
  const missing = (JSON.parse(text) as NameState[]).map(({ name }) => name).sort();
  const others = ['donut', 'nougat', 'speech_encoder_decoder', 'trocr', 'vision_encoder_decoder'];
  assert.equal(
    missing.filter((name) => !others.includes(name)),
    [],
  );
});

test('show says why a closed model has no page, and what comes nearest', async () => {
  const shown = await models('show', 'claude3_haiku');
  assert.match(shown, /^claude3_haiku: closed, decoder-only\nwhy +Anthropic offers it as a service only/);
  assert.match(shown, /nearest open architecture +llama\n/);
});

test('new: what is no place for a page', () => {
  const refused: [string, RegExp][] = [
    ['vision', /expected <category>\/<family>/],
    ['vision/a/b', /expected <category>\/<family>/],
    ['visoin/my_net', /no category 'visoin' \(did you mean 'vision'\?\)/],
    ['blocks/my_net', /no category 'blocks'/],
    ['../x', /no category '\.\.'/],
    ['vision/..', /a family's name is/],
    ['vision/..\\..\\x', /a family's name is/],
    ['vision/My Net', /a family's name is/],
    ['vision/', /a family's name is/],
    [`vision/${'a'.repeat(99)}`, /a family's name is/],
    ['encoder-only/bert', /'bert' is built by models\/encoder-only\/bert\.ts already/],
    ['vision/gpt-neo', /'gpt_neo' is built by models\/decoder-only\/gpt-neo\.ts already/],
    ['decoder-only/code_llama', /'code_llama' is built by models\/decoder-only\/llama\.ts already/],
    ['decoder-only/claude3_haiku', /'claude3_haiku' cannot be built: Anthropic/],
  ];
  for (const [text, message] of refused) assert.throws(() => placeOf(text), message, text);
  assert.equal(placeOf('vision/my-net'), { category: 'vision', family: 'my_net', page: 'vision/my-net' });
});

/** A checkout like this one, with the packages and compiled files of this one. */
function copyOfCheckout(): string {
  const copy = folderWith();
  const parts = ['src', 'models', 'binding', 'scripts', 'dist', 'package.json', 'tsconfig.json', 'biome.json'];
  for (const part of parts) cpSync(join(ROOT, part), join(copy, part), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  symlinkSync(join(ROOT, 'build'), join(copy, 'build'));
  return copy;
}

test('new writes a page that compiles, is formatted, stands in the index and is built', async () => {
  const copy = copyOfCheckout();
  const inCopy = (...args: string[]): Promise<Finished> => hfbench(args, copy, {}, join(copy, 'dist/src/cli/main.js'));
  const made = await inCopy('models', 'new', 'structured-data/my-net');
  assert.is(made.code, 0, made.stderr);
  assert.match(made.stdout, /models\/structured-data\/my-net\.ts: written, compiled and in models\/index\.ts/);
  assert.match(readFileSync(join(copy, 'models/index.ts'), 'utf8'), /name: 'my_net', family: 'my_net'/);
  const shown = await inCopy('models', 'show', 'my_net');
  assert.match(
    shown.stdout,
    /my_net: my_net, structured-data[\s\S]*class +MyNetForMaskedLM[\s\S]*parameters +34,275,328\n/,
  );
  const formatted = await hfbench(
    ['check', '--error-on-warnings', 'models/structured-data/my-net.ts'],
    copy,
    {},
    join(ROOT, 'node_modules/@biomejs/biome/bin/biome'),
  );
  assert.is(formatted.code, 0, formatted.stdout + formatted.stderr);
  const again = await inCopy('models', 'new', 'structured-data/my-net');
  assert.is(again.code, 2);
  assert.match(again.stderr, /'my_net' is built by models\/structured-data\/my-net\.ts already/);
  assert.not(existsSync(join(ROOT, 'models/structured-data/my-net.ts')));
});

test.run();
