import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type FormatOptions, loadFormat, MATRIX_FORMATS } from '../../src/matrix/format/index.js';
import { parseCheckReport } from '../../src/matrix/read-check.js';
import { checkReport } from '../support/cells.js';
import { assertGolden } from '../support/golden.js';

const rendered = async (name: string, options: Partial<FormatOptions> = {}): Promise<string> =>
  (await loadFormat(name))(checkReport(), { color: false, ...options });

for (const name of [...MATRIX_FORMATS, 'list']) {
  test(`as ${name}`, async () => assertGolden(`matrix/${name}.txt`, await rendered(name)));
}

test('filters leave rows and columns out, in every form', async () => {
  const filter = { categories: ['encoder-only'], providers: ['webgpu'], levels: null };
  const json = parseCheckReport(await rendered('json', { filter }), 'filtered');
  assert.equal(
    json.cells.map(({ model, provider, dtype }) => `${model} ${provider} ${dtype}`),
    ['bert webgpu fp32', 'bert webgpu fp16'],
  );
  const table = await rendered('table', { filter: { categories: null, providers: null, levels: ['wrong'] } });
  assert.match(table, /^gpt2 /m);
  assert.not.match(table, /^bert /m);
});

test('a filter that no cell fits is refused with what there is', async () => {
  const refuse = (filter: Partial<FormatOptions['filter']>): Promise<string> =>
    rendered('table', { filter: { categories: null, providers: null, levels: null, ...filter } }).then(
      () => 'accepted',
      (error: Error) => error.message,
    );
  assert.match(await refuse({ providers: ['webgp'] }), /--ep webgp: .*did you mean 'webgpu'.*cpu, cuda, webgpu/);
  assert.match(await refuse({ categories: ['x'] }), /--category x: no cell is of it; there are: decoder-only/);
});

test('the page asks for nothing and holds no text as markup', async () => {
  const html = await rendered('html');
  assert.not.match(html, /<script>alert|src=|href=|@import|url\(/);
  assert.match(html, /&#60;script&#62;alert\(1\)/);
});

test.run();
