import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { holm } from '../../src/compare/holm.js';
import { DEFAULT_RULE, detectableEffect, look, lookAgainst } from '../../src/compare/sequential.js';
import { studentCdf, studentQuantile } from '../../src/compare/student.js';
import { readFixture } from '../support/fixture-text.js';

interface Reference {
  cdf: [number, number, number][];
  ppf: [number, number, number][];
  holm: [number[], number[]][];
  intervals: { values: number[]; p: number; lower: number; upper: number }[];
  against: { before: number[]; now: number[]; p: number; lower: number; upper: number }[];
}
const reference: Reference = JSON.parse(readFixture('compare/reference.json'));
const close = (actual: number, expected: number, relative: number, what: string): void =>
  assert.ok(
    Math.abs(actual - expected) <= relative * Math.max(Math.abs(expected), 1e-12),
    `${what}: ${actual}, expected ${expected}`,
  );

const statistics = suite('statistics of comparison');

statistics('the t distribution agrees with scipy', () => {
  for (const [t, freedom, p] of reference.cdf) close(studentCdf(t, freedom), p, 1e-10, `cdf(${t}, ${freedom})`);
  for (const [p, freedom, t] of reference.ppf)
    close(studentQuantile(p, freedom), t, 1e-9, `quantile(${p}, ${freedom})`);
  assert.throws(() => studentQuantile(0, 5), /between 0 and 1/);
});

statistics("Holm's correction agrees with an independent implementation", () => {
  for (const [values, expected] of reference.holm)
    holm(values).forEach((p, index) => {
      close(p, expected[index], 1e-12, `holm ${index}`);
    });
});

statistics('a look has the bounds and the p-value of the t test', () => {
  for (const { values, p, lower, upper } of reference.intervals) {
    const found = look(values);
    close(found.pValue, p, 1e-8, 'p');
    close(found.lower, Math.exp(lower), 1e-10, 'lower');
    close(found.upper, Math.exp(upper), 1e-10, 'upper');
  }
});

statistics('a look against a recording has the bounds and the p-value of the t test of two samples', () => {
  assert.is(reference.against.length, 4);
  for (const { before, now, p, lower, upper } of reference.against) {
    const found = lookAgainst(before, now);
    close(found.pValue, p, 1e-8, 'p');
    close(found.lower, Math.exp(lower), 1e-10, 'lower');
    close(found.upper, Math.exp(upper), 1e-10, 'upper');
  }
});

const sessions = (count: number, centre: number, spread: number): number[] =>
  Array.from({ length: count }, (_, index) => Math.log(centre) + spread * (index % 2 === 0 ? 1 : -1));

statistics('pass, fail, undecided, inconclusive', () => {
  assert.is(look(sessions(6, 1, 0.002)).verdict, 'pass');
  assert.is(look(sessions(6, 1.05, 0.002)).verdict, 'fail');
  assert.is(look(sessions(6, 1.02, 0.02)).verdict, 'undecided');
  assert.is(look(sessions(12, 1.02, 0.03)).verdict, 'inconclusive');
  assert.is(look(sessions(6, 0.9, 0.002)).verdict, 'pass', 'faster passes');
  assert.is(look([0.05, 0.05, 0.05, 0.05, 0.05, 0.05]).verdict, 'fail', 'no scatter at all');
});

statistics('values that are no measurement are refused, never passed', () => {
  assert.throws(() => look([0.1]), /at least 2/);
  assert.throws(() => look([0.1, Number.NaN, 0.2]), /finite/);
  assert.throws(() => look([0.1, Number.NEGATIVE_INFINITY]), /finite/);
});

statistics('the detectable effect grows with the scatter and is the margin without any', () => {
  close(detectableEffect(0), DEFAULT_RULE.margin, 1e-12, 'none');
  assert.ok(detectableEffect(0.01) < detectableEffect(0.02));
});

statistics.run();
