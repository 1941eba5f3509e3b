// What a gate was asked for: metrics, margins, looks, budget file, outputs.

import { existsSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { checkLooks, type GateBudget, NO_BUDGET, readBudget } from '../compare/gate/budget.js';
import { GATE_FORMATS } from '../compare/gate/format/index.js';
import { type Allowance, GATE_METRICS, type GateMethod, type GateMetric, METHOD } from '../compare/gate/rules.js';
import { checkWritable } from '../util/atomic-file.js';
import { UsageError } from '../util/error.js';
import { list, oneOf, ratio, whole } from './flag-values.js';
import { type Shard, shard } from './shard.js';

const BUDGET_FILE = 'hfbench.gate.json';

/** Files that a gate may write, by flag and format. */
const FILES = { json: 'json', markdown: 'markdown', junit: 'junit', codeQuality: 'code-quality' } as const;

export interface GateFlags {
  budget: GateBudget;
  method: GateMethod;
  metrics: GateMetric[] | null;
  speed: Partial<Allowance>;
  baseline: string | null;
  /** This machine's part of the cells; undefined: all. */
  shard: Shard | undefined;
  calibrate: boolean;
  verdicts: number;
  outputs: { format: string; path: string }[];
  annotate: boolean;
}

export function addGateFlags(command: Command): void {
  command
    .option('--baseline <report>', 'a recorded baseline (`hfbench run --json`) instead of a live one')
    .option(
      '--metric <list>',
      `what is gated: ${GATE_METRICS.join(', ')} (default: latency, memory, accuracy; and preprocess of pipelines)`,
    )
    .option('--margin <percent>', 'a slowdown that does not matter (default: 1%)')
    .option('--budget <percent>', 'the largest slowdown that may pass (default: 3%)')
    .option('--looks <list>', 'numbers of sessions at which a decision may fall (default: 6,12)')
    .option('--budget-file <file>', `margins and budgets by model and metric (default: ${BUDGET_FILE}, where it is)`)
    .option('--shard <i/n>', 'only every n-th cell, from the i-th on: one part of a gate on n machines')
    .option('--calibrate', "A against itself: this host's noise and false alarms")
    .option('--verdicts <n>', 'of --calibrate (default: 10)')
    .addOption(
      new Option('--format <name>', 'what standard output gets').choices(Object.keys(GATE_FORMATS)).default('table'),
    )
    .option('--json <file>', 'also write the report with every session')
    .option('--markdown <file>', 'also write Markdown, for a comment or a summary')
    .option('--junit <file>', 'also write JUnit XML')
    .option('--code-quality <file>', "also write GitLab's code-quality artefact")
    .option('--annotate', 'also print annotations of GitHub Actions');
}

/** @throws UsageError */
export function readGateFlags(raw: Record<string, unknown>): GateFlags {
  const budgetFile = (raw.budgetFile as string | undefined) ?? (existsSync(BUDGET_FILE) ? BUDGET_FILE : null);
  const budget = budgetFile === null ? NO_BUDGET : readBudget(budgetFile);
  const given = raw.looks === undefined ? null : list(whole(3, 1000, '12'))(raw.looks, '--looks');
  const looks = given === null ? (budget.looks ?? METHOD.looks) : checkLooks(given, `--looks ${given.join(',')}`);
  const read = (name: 'margin' | 'budget') =>
    raw[name] === undefined ? {} : { [name]: ratio(raw[name], `--${name}`) };
  const outputs = (Object.keys(FILES) as (keyof typeof FILES)[])
    .filter((key) => raw[key] !== undefined)
    .map((key) => ({ format: FILES[key], path: raw[key] as string }));
  for (const { format, path } of outputs) checkWritable(path, `--${format}`);
  const twice = outputs.find(({ path }, index) => outputs.findIndex((one) => one.path === path) < index);
  if (twice) throw new UsageError(`--${twice.format} ${twice.path}: another flag writes the same file`);
  if (raw.verdicts !== undefined && raw.calibrate !== true)
    throw new UsageError('--verdicts: of --calibrate; add it or leave --verdicts out');
  if (raw.calibrate === true && raw.baseline !== undefined)
    throw new UsageError(
      '--calibrate and --baseline: a calibration plays this host against itself; leave --baseline out',
    );
  if (raw.calibrate === true && raw.shard !== undefined)
    throw new UsageError('--calibrate and --shard: a calibration plays one case; leave --shard out');
  const part = raw.shard === undefined ? undefined : shard(raw.shard, '--shard');
  return {
    budget,
    // No shard knows the others' p-values, so each gets its share of the chance of a false alarm (Bonferroni).
    method: { ...METHOD, looks, familyAlpha: METHOD.familyAlpha / (part?.count ?? 1) },
    metrics: raw.metric === undefined ? null : list(oneOf(GATE_METRICS))(raw.metric, '--metric'),
    speed: { ...read('margin'), ...read('budget') },
    baseline: (raw.baseline as string | undefined) ?? null,
    shard: part,
    calibrate: raw.calibrate === true,
    verdicts: raw.verdicts === undefined ? 10 : whole(1, 10_000, '20')(raw.verdicts, '--verdicts'),
    outputs,
    annotate: raw.annotate === true,
  };
}
