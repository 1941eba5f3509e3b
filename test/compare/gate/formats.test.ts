// Every form of a gate's and a duet's report, to the byte, with names that want to be markup.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DUET_FORMATS } from '../../../src/compare/duet/format.js';
import { exitCodeOf, judgeCells, overall } from '../../../src/compare/gate/decide.js';
import { GATE_FORMATS, gateJson } from '../../../src/compare/gate/format/index.js';
import { ALLOWANCES, METHOD } from '../../../src/compare/gate/rules.js';
import { gateBadge } from '../../../src/export/badge/badge.js';
import type { DuetReport, FailedSession } from '../../../src/record/duet.js';
import type { GateReport } from '../../../src/record/gate.js';
import { duetSchema, gateSchema } from '../../../src/record/gate-schema.js';
import { parseGate } from '../../../src/record/read-gate.js';
import { UsageError } from '../../../src/util/error.js';
import { assertGolden, ROOT } from '../../support/golden.js';
import { ENVIRONMENT } from '../../support/outcomes.js';
import { around, cellOf, EQUAL, sessionOf } from '../../support/sessions.js';

const HOSTILE = '<img src=x onerror=alert(1)>|`a`\u001b[31m\n]]> & "q": %0A,::error::';
const DEAD: FailedSession = {
  state: 'failed',
  index: 2,
  side: 'b',
  kind: 'ended',
  reason: { code: 'crash', message: 'the process crashed (SIGSEGV) while playing a burst' },
};
const played = (centre: number, scatter: number, count: number) =>
  around(centre, scatter, count).map((ratio, i) => sessionOf(i, ratio));

const duet: DuetReport = {
  schema: 'hfbench-duet',
  version: 1,
  createdAt: '2026-01-02T03:04:05.000Z',
  hfbench: '0.1.0',
  command: ['gate', 'bert'],
  seed: 7,
  environment: ENVIRONMENT,
  cells: [
    cellOf('well', played(1.002, 0.003, 6)),
    cellOf(
      HOSTILE,
      played(1.06, 0.003, 6).map((one) => ({ ...one, outputs: { ...EQUAL, relativeL2: 0.02 } })),
    ),
    cellOf('noisy', played(1.02, 0.03, 12)),
    cellOf('dies', [...played(1, 0.003, 2), DEAD, DEAD]),
  ],
};

const rules = { metrics: { latency: ALLOWANCES.latency, memory: ALLOWANCES.memory }, accuracyLimit: 1e-4 };
const dead = { verdict: 'inconclusive', reason: `the candidate did not finish a session, twice: ${HOSTILE}` } as const;
const rows = judgeCells(
  duet.cells.map((cell) => ({ cell, rules, trouble: cell.label === 'dies' ? dead : null })),
  METHOD,
);
const verdict = overall(rows);
const report: GateReport = {
  schema: 'hfbench-gate',
  version: 1,
  createdAt: duet.createdAt,
  hfbench: '0.1.0',
  command: duet.command,
  mode: 'live',
  advisory: false,
  verdict,
  exitCode: exitCodeOf(verdict, false),
  rule: { ...METHOD, looks: [...METHOD.looks] },
  rows,
  calibration: {
    schema: 'hfbench-calibration',
    version: 1,
    fingerprint: ENVIRONMENT.fingerprint,
    createdAt: '2026-01-01T00:00:00.000Z',
    cell: 'squeezebert',
    sessions: 61,
    deviation: 0.0042,
    sideDeviation: 0.03,
    detectable: 0.015,
    verdicts: { pass: 10, fail: 0, inconclusive: 0 },
    falseAlarmBound: 0.2589,
    resampledFalseAlarms: 0,
  },
  notes: [],
  duet,
};

for (const format of Object.keys(GATE_FORMATS))
  test(`gate as ${format}`, () => assertGolden(`gate/gate.${format}`, GATE_FORMATS[format]!(report, { color: false })));

for (const format of Object.keys(DUET_FORMATS))
  test(`duet as ${format}`, () => assertGolden(`gate/duet.${format}`, DUET_FORMATS[format]!(duet)));

test('nothing of a hostile name is markup, a command or an escape sequence', () => {
  for (const format of ['table', 'markdown', 'junit', 'annotations']) {
    const text = GATE_FORMATS[format]!(report, { color: false });
    assert.not.ok(text.includes('\u001b'), format);
    if (format !== 'table' && format !== 'annotations') assert.not.match(text, /<img/, format);
  }
  for (const line of GATE_FORMATS.annotations!(report, { color: false }).trimEnd().split('\n'))
    assert.match(line, /^::(error|warning) title=hfbench gate%3A [^:,]+::/);
});

test('colours only where they are asked for', () => {
  assert.ok(GATE_FORMATS.table!(report, { color: true }).includes('\u001b[31mFAIL\u001b[0m'));
});

test('empty reports say so', () => {
  const empty: GateReport = { ...report, rows: [], verdict: 'not-compared', duet: { ...duet, cells: [] } };
  for (const format of Object.keys(GATE_FORMATS)) assert.type(GATE_FORMATS[format]!(empty, { color: false }), 'string');
  assert.match(GATE_FORMATS.table!(empty, { color: false }), /nothing was compared/);
  assert.match(GATE_FORMATS.markdown!(empty, { color: false }), /Nothing was compared/);
});

test('an advisory is never red nor green', () => {
  const advisory = { ...report, advisory: true };
  assert.not.match(GATE_FORMATS.annotations!(advisory, { color: false }), /^::error/m);
  assert.match(GATE_FORMATS.table!(advisory, { color: false }), /advisory only/);
  assert.equal(gateBadge({ verdict: 'pass', advisory: true }).color, 'lightgrey');
});

test('the published schemas are those of the code, and reports follow them (UPDATE_GOLDEN=1 renews them)', () => {
  for (const [name, schema, value] of [
    ['gate', gateSchema(), gateJson(report)],
    ['duet', duetSchema(), DUET_FORMATS.json!(duet)],
  ] as const) {
    const path = join(ROOT, `src/export/${name}.schema.json`);
    const text = `${JSON.stringify(schema, null, 2)}\n`;
    if (process.env.UPDATE_GOLDEN) writeFileSync(path, text);
    assert.is(readFileSync(path, 'utf8'), text);
    const validate = new Ajv2020().compile(schema);
    assert.ok(validate(JSON.parse(value)), JSON.stringify(validate.errors));
  }
});

test('a report is read back as it was written', () => {
  assert.equal(parseGate(gateJson(report), 'gate.json'), JSON.parse(gateJson(report)));
});

const damaged = (change: (value: Record<string, unknown>) => void): string => {
  const value = JSON.parse(gateJson(report)) as Record<string, unknown>;
  change(value);
  return JSON.stringify(value);
};

for (const [what, text, message] of [
  ['truncated', gateJson(report).slice(0, 3000), /no complete JSON/],
  ['a later version', damaged((value) => Object.assign(value, { version: 2 })), /has gate version 2/],
  ['without rows', damaged((value) => Reflect.deleteProperty(value, 'rows')), /lacks 'rows'/],
  ['an unknown verdict', damaged((value) => Object.assign(value, { verdict: 'great' })), /must be one of pass/],
  [
    'turned into a pass by hand',
    damaged((value) => Object.assign(value, { verdict: 'pass' })),
    /says 'pass' where its rows say 'fail'/,
  ],
] as const)
  test(`refused: ${what}`, () => {
    assert.throws(
      () => parseGate(text, 'gate.json'),
      (error: unknown) => error instanceof UsageError && message.test(error.message),
    );
  });

test.run();
