// Verdicts from made-up sessions: every fate of a row, and that nothing passes without evidence.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { exitCodeOf, isDecided, judgeCells, overall, recordedLook } from '../../../src/compare/gate/decide.js';
import { ALLOWANCES, type CellRules, METHOD } from '../../../src/compare/gate/rules.js';
import { around, cellOf, EQUAL, sessionOf } from '../../support/sessions.js';

const RULES: CellRules = { metrics: { latency: ALLOWANCES.latency }, accuracyLimit: 1e-4 };
const played = (centre: number, scatter: number, count: number, outputs = EQUAL) =>
  around(centre, scatter, count).map((ratio, i) => sessionOf(i, ratio, 1, outputs));
const judge = (sessions: ReturnType<typeof played>, rules = RULES) =>
  judgeCells([{ cell: cellOf('cell', sessions), rules, trouble: null }], METHOD);
const verdicts = (...args: Parameters<typeof judge>) => judge(...args).map(({ verdict }) => verdict);

test('pass, fail and inconclusive', () => {
  assert.equal(verdicts(played(1, 0.002, 6)), ['pass', 'pass']);
  assert.equal(verdicts(played(1.05, 0.002, 6)), ['fail', 'pass']);
  assert.equal(verdicts(played(1.02, 0.03, 12)), ['inconclusive', 'pass']);
  assert.equal(verdicts(played(0.8, 0.002, 6)), ['pass', 'pass'], 'faster is no regression');
});

test('a pass at the first look stays one; what is undecided goes on', () => {
  assert.ok(isDecided(cellOf('cell', played(1, 0.002, 6)), RULES, METHOD, 1));
  assert.not(isDecided(cellOf('cell', played(1.02, 0.02, 6)), RULES, METHOD, 1));
  assert.not(isDecided(cellOf('cell', played(1, 0.002, 5)), RULES, METHOD, 1), 'no look was reached');
  assert.ok(isDecided(cellOf('cell', played(1.02, 0.03, 12)), RULES, METHOD, 1), 'the last look ends it');
  const later = [...played(1, 0.002, 6), ...played(1.2, 0.002, 6).map((one) => ({ ...one, index: one.index + 6 }))];
  assert.is(judge(later)[0]!.sessions, 6);
});

test('sessions between looks decide nothing', () => {
  const [row] = judge(played(1.02, 0.02, 8));
  assert.is(row!.verdict, 'inconclusive');
  assert.is(row!.reason, 'ended before the last look');
  assert.is(row!.sessions, 6);
});

test('no sessions, no pass', () => {
  assert.equal(verdicts([]), ['inconclusive', 'inconclusive']);
  assert.is(overall([]), 'not-compared');
  assert.is(exitCodeOf('not-compared', false), 2);
});

test('a metric that is unknown is inconclusive', () => {
  const sessions = played(1, 0.002, 6).map((one) => ({ ...one, b: { ...one.b, peakRssBytes: null } }));
  const [row] = judge(sessions, { metrics: { memory: ALLOWANCES.memory }, accuracyLimit: null });
  assert.is(row!.verdict, 'inconclusive');
  assert.match(row!.reason!, /unknown/);
});

test('memory has a verdict of its own', () => {
  const sessions = around(1, 0.002, 6).map((ratio, i) => sessionOf(i, ratio, 1.2 + i / 1000));
  const rules = { metrics: { latency: ALLOWANCES.latency, memory: ALLOWANCES.memory }, accuracyLimit: null };
  assert.equal(verdicts(sessions, rules), ['pass', 'fail']);
});

test('preprocessing that became slower fails though the whole pipeline hides it', () => {
  const sessions = around(1, 0.002, 6).map((ratio, i) => {
    const { a, b, ...session } = sessionOf(i, ratio);
    return {
      ...session,
      a: { ...a, burstPreprocessNs: [1e5, 1.01e5, 0.99e5] },
      b: { ...b, burstPreprocessNs: [1.05e5 + i, 1.06e5, 1.04e5] },
    };
  });
  const { latency, preprocess } = ALLOWANCES;
  const rules = { metrics: { latency, preprocess }, accuracyLimit: null };
  assert.equal(verdicts(sessions, rules), ['pass', 'fail']);
  assert.equal(verdicts(played(1, 0.002, 6), rules), ['pass', 'inconclusive'], 'unknown without a pipeline');
});

test('throughput: more time per item is worse', () => {
  const rules = { metrics: { throughput: ALLOWANCES.throughput }, accuracyLimit: null };
  const [row] = judge(played(1.1, 0.002, 6), rules);
  assert.is(row!.verdict, 'fail');
  assert.ok(row!.a! > row!.b!, 'items per second fall');
});

test('a faster but wrong output fails', () => {
  const off = { ...EQUAL, relativeL2: 0.5 };
  assert.equal(verdicts(played(0.7, 0.002, 6, off)), ['pass', 'fail']);
  const nan = { relativeL2: null, output: null, problem: "output 'y' of B holds NaN", wrong: true };
  assert.equal(verdicts(played(0.7, 0.002, 6, nan)), ['pass', 'fail']);
  const unknown = { relativeL2: null, output: null, problem: 'different inputs', wrong: false };
  assert.equal(verdicts(played(0.7, 0.002, 6, unknown)), ['pass', 'inconclusive']);
  const once = played(1, 0.002, 6);
  once[4] = { ...once[4]!, outputs: off };
  assert.equal(verdicts(once), ['pass', 'fail'], 'wrong in one session is wrong');
});

test('a cell that broke off never passes, but a regression that was shown stays', () => {
  const trouble = { verdict: 'inconclusive', reason: 'the candidate did not finish a session, twice' } as const;
  const broken = (centre: number) =>
    judgeCells([{ cell: cellOf('cell', played(centre, 0.002, 6)), rules: RULES, trouble }], METHOD);
  assert.equal(
    broken(1).map(({ verdict }) => verdict),
    ['inconclusive', 'inconclusive'],
  );
  assert.is(broken(1.05)[0]!.verdict, 'fail');
});

test('among many cells a weak failure is not believed, a strong one is', () => {
  // One-sided p of about 0.003 at the last look: below 0.005, far above 0.05 / 40.
  const weak = { cell: cellOf('weak', played(1.033, 0.023, 12)), rules: RULES, trouble: null };
  const well = Array.from({ length: 39 }, (_, i) => ({
    cell: cellOf(`well ${i}`, played(1, 0.002, 6)),
    rules: { ...RULES, accuracyLimit: null },
    trouble: null,
  }));
  const strong = { cell: cellOf('strong', played(1.05, 0.002, 6)), rules: RULES, trouble: null };
  assert.is(judgeCells([weak], METHOD)[0]!.verdict, 'fail', 'alone it fails');
  const rows = judgeCells([weak, strong, ...well], METHOD);
  const of = (name: string) => rows.find(({ cell, metric }) => cell === name && metric === 'latency')!;
  assert.is(of('weak').verdict, 'inconclusive');
  assert.match(of('weak').reason!, /among 41 rows chance may do that/);
  assert.is(of('strong').verdict, 'fail');
});

test('a failure at the first look that many cells would not bear out plays on', () => {
  const cell = cellOf('cell', played(1.022, 0.0055, 6));
  assert.ok(isDecided(cell, RULES, METHOD, 1));
  assert.not(isDecided(cell, RULES, METHOD, 200));
});

test('a regression outweighs what could not be told; an advisory never passes nor fails', () => {
  const rows = (...all: string[]) => all.map((verdict) => ({ verdict })) as unknown as Parameters<typeof overall>[0];
  assert.is(overall(rows('pass', 'inconclusive', 'fail')), 'fail');
  assert.is(overall(rows('pass', 'inconclusive', 'not-compared')), 'not-compared');
  assert.is(overall(rows('pass', 'inconclusive')), 'inconclusive');
  assert.is(overall(rows('pass', 'pass')), 'pass');
  assert.equal(
    (['pass', 'fail', 'inconclusive', 'not-compared'] as const).map((verdict) => exitCodeOf(verdict, false)),
    [0, 4, 5, 2],
  );
  assert.equal(
    (['pass', 'fail', 'inconclusive', 'not-compared'] as const).map((verdict) => exitCodeOf(verdict, true)),
    [5, 5, 5, 2],
  );
});

test('a recording of one session has the error of one session', () => {
  const now = around(2e6, 0.003, 12).map(Math.log);
  const found = (baseline: number[]) => recordedLook(baseline, now, ALLOWANCES.latency, METHOD, 1)!;
  assert.is(found([Math.log(2e6)]).verdict, 'pass');
  assert.is(found([Math.log(1.9e6)]).verdict, 'fail');
  const one = found([Math.log(1.96e6)]);
  const many = found(around(1.96e6, 0.003, 12).map(Math.log));
  assert.ok(many.lower > one.lower, 'twelve recorded sessions say more than one');
  assert.is(recordedLook([], now, ALLOWANCES.latency, METHOD, 1), null);
});

test.run();
