import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { formatNames, loadExporter } from '../../src/export/index.js';
import { COLUMNS } from '../../src/record/columns.js';
import type { Report } from '../../src/record/record.js';
import { toReport } from '../../src/record/report.js';
import { UsageError } from '../../src/util/error.js';
import { assertGolden } from '../support/golden.js';
import { OUTCOMES } from '../support/outcomes.js';

const ABOUT = { hfbench: '0.1.0', createdAt: '2026-01-02T03:05:00.000Z', command: ['run', '--suite', 'quick'] };
const all = toReport(OUTCOMES, ABOUT);
const none = toReport([], ABOUT);

test('the folder is the registry', () => {
  assert.equal(formatNames(), FORMATS);
});

const FORMATS = [
  ...['asv', 'bmf', 'csv', 'github-action-benchmark', 'json', 'jsonl', 'junit', 'markdown', 'openmetrics', 'table'],
];
const isUsageError = (error: unknown) => error instanceof UsageError;

test('an unknown format is refused with the known ones', async () => {
  for (const name of ['xml', 'index', '../record/columns', '']) {
    const error = await loadExporter(name).catch((caught: unknown) => caught);
    assert.instance(error, UsageError);
    assert.match((error as Error).message, /choose from asv, bmf, csv, github-action-benchmark, json/);
  }
});

for (const format of FORMATS) {
  test(`${format}: every state, to the byte`, async () => {
    const { render, extension } = await loadExporter(format);
    assertGolden(`export/all.${extension}`, render(all, {}));
  });

  test(`${format}: nothing measured`, async () => {
    const { render } = await loadExporter(format);
    assert.match(render(none, {}), format === 'jsonl' ? /^$/ : /\n$/);
  });

  test(`${format}: is pure`, async () => {
    const { render } = await loadExporter(format);
    const copy: Report = structuredClone(all);
    assert.is(render(copy, {}), render(copy, {}));
    assert.equal(copy, all);
  });
}

test('columns can be chosen; unknown ones are refused', async () => {
  for (const format of ['csv', 'markdown', 'table']) {
    const { render } = await loadExporter(format);
    const text = render(all, { columns: ['model', 'latency_min_ns'] });
    assert.match(text, /model/);
    assert.not.match(text, /threads/);
    assert.throws(() => render(all, { columns: ['latency'] }), isUsageError);
  }
});

test('json lines: one object a line with every column', async () => {
  const { render } = await loadExporter('jsonl');
  const lines = render(all, {}).trimEnd().split('\n');
  assert.is(lines.length, OUTCOMES.length);
  for (const line of lines) {
    assert.equal(
      Object.keys(JSON.parse(line) as object),
      COLUMNS.map(({ name }) => name),
    );
  }
});

test.run();
