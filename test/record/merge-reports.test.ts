import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { mergeReports } from '../../src/record/merge-reports.js';
import type { Report } from '../../src/record/record.js';
import { toReport } from '../../src/record/report.js';
import { ENVIRONMENT, OUTCOMES } from '../support/outcomes.js';

const ABOUT = { hfbench: '0.1.0', createdAt: '2026-01-02T03:05:00.000Z', command: ['merge'] };
const whole = (): Report => toReport(OUTCOMES, ABOUT);
const some = (from: number, to: number): Report => toReport(OUTCOMES.slice(from, to), ABOUT);
const named = (...reports: Report[]) => reports.map((report, index) => ({ name: `${index}.json`, report }));

test('parts make the whole, whatever their pools', () => {
  for (let cut = 0; cut <= OUTCOMES.length; cut++) {
    const { report, conflicts } = mergeReports(named(some(0, cut), some(cut, OUTCOMES.length)), ABOUT);
    assert.equal(report, whole());
    assert.equal(conflicts, []);
  }
});

test('the newer record of a case wins; a disagreement is named', () => {
  const [measured] = OUTCOMES.filter(({ state }) => state === 'measured');
  const { case: work, environment } = measured!;
  const reason = { code: 'crash', message: 'gone' };
  const failed = { ...measured!, state: 'failed' as const, reason, startedAt: '2030-01-01T00:00:00.000Z' };
  const old = toReport([measured!], ABOUT);
  const now = toReport([failed], ABOUT);
  for (const reports of [named(old, now), named(now, old)]) {
    const { report, conflicts } = mergeReports(reports, ABOUT);
    assert.equal(
      report.records.map(({ row }) => row.status),
      ['failed'],
    );
    assert.is(conflicts.length, 1);
    assert.match(conflicts[0]!, /status 'failed' of \d\.json replaces 'measured' of \d\.json/);
    assert.ok(conflicts[0]!.startsWith(work.model));
  }
  const elsewhere = { ...measured!, environment: { ...environment, fingerprint: 'another machine' } };
  const both = mergeReports(named(old, toReport([elsewhere], ABOUT)), ABOUT).report;
  assert.equal(
    both.records.map(({ row }) => row.fingerprint),
    [ENVIRONMENT.fingerprint, 'another machine'],
  );
  assert.is(both.environments.length, 2);
});

test.run();
