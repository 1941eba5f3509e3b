import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CompareOptions, compareReports } from '../../src/compare/comparison.js';
import { FORMATS } from '../../src/compare/format/index.js';
import type { Report } from '../../src/record/record.js';
import { toReport } from '../../src/record/report.js';
import { UsageError } from '../../src/util/error.js';
import { assertGolden } from '../support/golden.js';
import { BERT, ENVIRONMENT, measuredOutcome, OUTCOMES, sampleCase, sampleDurations } from '../support/outcomes.js';

const OPTIONS: CompareOptions = {
  metric: 'latency_median_ns',
  baseline: null,
  groupBy: 'report',
  filter: [],
  allow: [],
};
const WHEN = { createdAt: '2026-01-01T00:00:00Z', hfbench: '0.1.0', command: ['run', 'bert'] };

/** A report of two models, each slower or faster by `factor`. */
function report(factor: number, changes: { commit?: string; digest?: string } = {}): Report {
  const environment = { ...ENVIRONMENT, gitCommit: changes.commit ?? ENVIRONMENT.gitCommit };
  const outcomes = (['bert', 'gpt2'] as const).map((model, index) => ({
    ...measuredOutcome(sampleCase({ model }), sampleDurations(200, 1e6 * (index + 1) * factor)),
    environment,
    model: { ...BERT, graphDigest: changes.digest ?? `digest-${model}` },
  }));
  return toReport(outcomes, WHEN);
}
const named = (...reports: Report[]) =>
  reports.map((one, index) => ({ name: `/somewhere/${'ab'[index]}.json`, report: one }));

const comparison = suite('comparison');

comparison('ratios are to the baseline, with bounds, and the best is marked', () => {
  const { cases, sides, means } = compareReports(named(report(1), report(1.1)), OPTIONS);
  assert.equal(sides, ['a', 'b']);
  assert.is(cases.length, 2);
  const [before, after] = cases[0].cells;
  assert.is(before.ratio, 1);
  assert.ok(Math.abs(after.ratio! - 1.1) < 1e-6);
  assert.ok(after.low! < 1.1 && after.high! > 1.1);
  assert.is(cases[0].best, 0);
  assert.ok(Math.abs(means.at(-1)!.ratios[1]! - 1.1) < 1e-6);
});

comparison('another baseline, by name and by number', () => {
  for (const baseline of ['b', '2', 'b.json']) {
    const { cases } = compareReports(named(report(1), report(1.1)), { ...OPTIONS, baseline });
    assert.ok(Math.abs(cases[0].cells[0].ratio! - 1 / 1.1) < 1e-6, baseline);
  }
});

comparison('what was not measured is missing with its reason, never a number', () => {
  const whole = report(1);
  const failed = OUTCOMES.find(({ state }) => state === 'failed')!;
  const partial = toReport([{ ...failed, case: sampleCase({ model: 'bert' }) }], WHEN);
  const { cases, means } = compareReports(named(whole, partial), OPTIONS);
  assert.is(cases[0].cells[1].value, null);
  assert.ok(cases[0].cells[1].why);
  assert.is(cases[0].best, null);
  assert.equal(means, []);
});

const refused = (action: () => unknown, pattern: RegExp): void =>
  assert.throws(
    action,
    (error: Error) => error instanceof UsageError && pattern.test(error.message) && !error.message.includes('\n'),
  );

comparison('what must not be compared is refused by the field that differs, unless allowed', () => {
  const other = named(report(1), report(1, { digest: 'another graph' }));
  refused(() => compareReports(other, OPTIONS), /graph_digest differs .*--allow graph_digest/);
  assert.is(compareReports(other, { ...OPTIONS, allow: ['graph_digest'] }).cases.length, 2);
  refused(() => compareReports(other, { ...OPTIONS, allow: ['graph'] }), /--allow graph: nothing to allow/);
});

comparison('nothing to compare is an error, not an empty table', () => {
  refused(() => compareReports(named(report(1)), OPTIONS), /nothing to compare/);
  refused(() => compareReports(named(report(1), report(1)), { ...OPTIONS, filter: ['vit'] }), /no case is in two/);
  refused(() => compareReports(named(report(1), report(1)), { ...OPTIONS, baseline: 'c' }), /no such side/);
  refused(
    () => compareReports(named(report(1), report(1)), { ...OPTIONS, metric: 'macs' }),
    /neither better nor worse/,
  );
});

comparison('environment facts that differ are told', () => {
  const { differences } = compareReports(named(report(1), report(1, { commit: 'fedcba' })), OPTIONS);
  assert.equal(
    differences.map(({ name }) => name),
    ['git_commit'],
  );
});

for (const format of Object.keys(FORMATS)) {
  comparison(`format ${format}`, () => {
    const made = compareReports(named(report(1), report(1.1, { commit: '=cmd()<script>' })), OPTIONS);
    const text = FORMATS[format](made, { color: false });
    if (format === 'html' || format === 'markdown') assert.not.match(text, /<script>/);
    assertGolden(`compare/comparison.${format}`, text);
  });
}

comparison.run();
