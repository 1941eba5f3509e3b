// The gate's rule on made-up sessions, for numbers that would take days: heavy tails, drift, a slow random walk. Where the results
// of run.ts hold enough real sessions, they are drawn again too, which says whether the made-up ones are like them.
//   node dist/bench/gate/simulation.js [--trials 20000] [--json FILE]

import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { chanceBound, sequentialVerdict } from '../../src/compare/gate/calibration.js';
import { holm } from '../../src/compare/holm.js';
import { DEFAULT_RULE, type GateRule, look } from '../../src/compare/sequential.js';
import { seededRandom } from '../../src/util/seeded-random.js';
import { deviation, readVerdicts } from './results.js';
import { GATE_SCENARIOS } from './scenarios.js';

const { values } = parseArgs({
  options: {
    trials: { type: 'string', default: '4000' },
    json: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
});
const trials = Number(values.trials);
const random = seededRandom(Number(values.seed));

/** Standard normal (Box and Muller 1958). */
const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
/** Student's t with 4 degrees of freedom, scaled to a standard deviation of 1: one session in a hundred lies beyond 2.6. */
const heavy = (): number => {
  const chi = Array.from({ length: 4 }, () => normal() ** 2).reduce((sum, square) => sum + square, 0);
  return normal() / Math.sqrt(chi / 4) / Math.SQRT2;
};

/** How a session's log-ratio strays, as a stream; every verdict starts a fresh one. */
const NOISES: Record<string, (sd: number) => () => number> = {
  normal: (sd) => () => sd * normal(),
  'heavy tails': (sd) => () => sd * heavy(),
  // What is left of a drift after turns of a few milliseconds: a walk whose steps are a tenth of the scatter.
  'tails and drift': (sd) => {
    let walk = 0;
    return () => {
      walk += 0.1 * sd * normal();
      return walk + sd * heavy();
    };
  },
  // A pair of processes may be unlucky as a whole, e.g. in its pages: one session in ten strays three times as far.
  'odd sessions': (sd) => () => (random() < 0.1 ? 3 : 1) * sd * heavy(),
};

interface Row {
  noise: string;
  sd: number;
  looks: string;
  change: number;
  pass: number;
  fail: number;
  inconclusive: number;
  sessions: number;
}

function trial(next: () => number, rule: GateRule): { verdict: string; sessions: number } {
  let sessions = 0;
  const verdict = sequentialVerdict(() => {
    sessions++;
    return next();
  }, rule);
  return { verdict, sessions };
}

function rowOf(noise: string, sd: number, looks: number[], change: number, stream: () => () => number): Row {
  const rule = { ...DEFAULT_RULE, looks };
  const counts = { pass: 0, fail: 0, inconclusive: 0 };
  let sessions = 0;
  for (let i = 0; i < trials; i++) {
    const next = stream();
    const one = trial(() => Math.log1p(change) + next(), rule);
    counts[one.verdict as keyof typeof counts]++;
    sessions += one.sessions;
  }
  const share = (count: number) => count / trials;
  return {
    ...{ noise, sd, looks: looks.join(','), change },
    ...{ pass: share(counts.pass), fail: share(counts.fail), inconclusive: share(counts.inconclusive) },
    sessions: sessions / trials,
  };
}

const FAMILIES = Math.max(1000, Math.round(trials / 40));

/** Of so many matrices of 40 cells that are all the same, those in which any cell fails after Holm's correction. */
function familyAlarms(stream: () => () => number, looks: number[]): number {
  const rule = { ...DEFAULT_RULE, looks };
  let alarms = 0;
  for (let family = 0; family < FAMILIES; family++) {
    const pValues = Array.from({ length: 40 }, () => {
      const next = stream();
      const logs: number[] = [];
      for (const count of looks) {
        while (logs.length < count) logs.push(next());
        const { verdict, pValue } = look(logs, rule);
        if (verdict !== 'undecided') return Math.min(1, pValue * looks.length);
      }
      return 1;
    });
    if (holm(pValues).some((p, i) => p <= 0.05 && pValues[i]! <= rule.alpha)) alarms++;
  }
  return alarms;
}

/** Log-ratios of the real sessions of a results file. */
const logsOf = (file: string): number[] => readVerdicts(file).flatMap(({ sessions }) => sessions.map(({ log }) => log));

/** One of them at random; of A against itself (`same`) either side may be called A. */
const drawn = (logs: readonly number[], same: boolean) => () =>
  logs[Math.floor(random() * logs.length)]! * (same && random() < 0.5 ? -1 : 1);

const rows: Row[] = [];
for (const [noise, make] of Object.entries(NOISES)) {
  for (const sd of [0.005, 0.01, 0.015, 0.025]) {
    for (const looks of [
      [6, 12],
      [6, 12, 24, 48],
    ]) {
      for (const change of [0, 0.03, 0.05]) rows.push(rowOf(noise, sd, looks, change, () => make(sd)));
    }
  }
}
const real = Object.entries(GATE_SCENARIOS).flatMap(([name, { same }]) => {
  return [name, `${name}+load`].flatMap((file) => {
    const logs = logsOf(file);
    if (logs.length < 30) return [];
    const draw = drawn(logs, same);
    return [{ ...rowOf(`drawn from ${file}`, deviation(logs), [6, 12], 0, () => draw), logs: logs.length }];
  });
});
const ofItself = Object.entries(GATE_SCENARIOS).flatMap(([name, { same }]) => (same ? logsOf(name) : []));
const family = [
  ...Object.entries(NOISES).flatMap(([noise, make]) =>
    [0.01, 0.025].map((sd) => ({
      noise: `${noise}, SD ${(100 * sd).toFixed(1)} %`,
      alarms: familyAlarms(() => make(sd), [6, 12]),
    })),
  ),
  ...(ofItself.length > 0
    ? [{ noise: 'real sessions of A against itself', alarms: familyAlarms(() => drawn(ofItself, true), [6, 12]) }]
    : []),
];

const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
const line = (cells: (string | number)[]) => `| ${cells.join(' | ')} |`;
console.log(line(['noise', 'SD', 'looks', 'change', 'pass', 'fail', 'inconclusive', 'sessions']));
console.log('|---|---|---|---|---|---|---|---|');
for (const { noise, sd, looks, change, pass, fail, inconclusive, sessions } of [...rows, ...real])
  console.log(
    line([
      noise,
      percent(sd),
      looks,
      percent(change),
      percent(pass),
      percent(fail),
      percent(inconclusive),
      sessions.toFixed(1),
    ]),
  );
console.log(
  `\nOf ${FAMILIES} matrices of 40 cells, those with any false failure after Holm's correction (looks 6,12):`,
);
for (const { noise, alarms } of family)
  console.log(`- ${noise}: ${alarms}, a chance of at most ${percent(chanceBound(alarms, FAMILIES))}`);
if (values.json !== undefined)
  writeFileSync(values.json, `${JSON.stringify({ trials, seed: Number(values.seed), rows, real, family }, null, 1)}\n`);
