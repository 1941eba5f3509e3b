import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { exporter } from '../../src/export/csv.js';
import { COLUMNS } from '../../src/record/columns.js';
import { toReport } from '../../src/record/report.js';
import { measuredOutcome, OUTCOMES } from '../support/outcomes.js';

const report = (outcomes = OUTCOMES) => toReport(outcomes, { hfbench: '0.1.0', createdAt: '', command: [] });

test('one record a case with every column, however hostile the text', () => {
  const records = parseCsv(exporter.render(report(), {}));
  assert.is(records.length, OUTCOMES.length + 1);
  for (const fields of records) assert.is(fields.length, COLUMNS.length);
  assert.equal(
    records[0],
    COLUMNS.map(({ name }) => name),
  );
  // The text comes back, behind the apostrophe that keeps a spreadsheet from running it.
  assert.is(records[7]![0], '\'=cmd|\u001b[31m "x",\r\n<script>@all#1');
});

test('null is empty, numbers keep every digit', () => {
  const [names, fields] = parseCsv(exporter.render(report([measuredOutcome({}, [1 / 3, 1e15, 4])]), {}));
  const cell = (name: string) => fields![names!.indexOf(name)]!;
  assert.is(cell('latency_p99_ns'), '');
  assert.is(Number(cell('latency_min_ns')), 1 / 3);
  assert.is(Number(cell('latency_max_ns')), 1e15);
});

test('texts that begin like a formula are made harmless, numbers are not touched', () => {
  for (const start of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1']) {
    const [, fields] = parseCsv(exporter.render(report([measuredOutcome({ model: start })]), { columns: ['model'] }));
    assert.is(fields![0], `'${start}`);
  }
  const negative = { ...measuredOutcome({}, [5, 4, 3, 2, 1, 1, 1, 1, 1, 1]) };
  const [, fields] = parseCsv(exporter.render(report([negative]), { columns: ['drift'] }));
  assert.ok(Number(fields![0]) < 0);
});

/** RFC 4180, strictly: CRLF between records, quotes doubled within quotes. */
function parseCsv(text: string): string[][] {
  const records: string[][] = [[]];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;
  while (field.lastIndex < text.length) {
    const match = field.exec(text);
    if (!match) throw new Error(`no CSV at: ${text.slice(0, 200)}`);
    records.at(-1)!.push(match[1]?.replaceAll('""', '"') ?? match[2]!);
    if (match[3] === '\r\n') records.push([]);
  }
  return records.slice(0, -1);
}

test.run();
