// hfbench.gate.json: which models are gated, and what each metric of them may lose.

import { readFileSync, statSync } from 'node:fs';
import type { Schema } from '../../record/schema.js';
import { UsageError } from '../../util/error.js';
import { oneLine } from '../../util/one-line.js';
import { didYouMean } from '../../util/suggest.js';
import type { DuetMetric } from '../duet/values.js';
import { ALLOWANCES, type Allowance, type CellRules, GATE_METRICS, type GateMetric } from './rules.js';

export type MetricBudget = Partial<Allowance> & { /** Of accuracy. */ limit?: number };
/** False leaves a metric out. */
export type MetricBudgets = Partial<Record<GateMetric, MetricBudget | false>>;

export interface GateBudget {
  looks: number[] | null;
  metrics: MetricBudgets;
  /** By name or glob of the model; later ones win. */
  models: Record<string, MetricBudgets>;
}

export const NO_BUDGET: GateBudget = { looks: null, metrics: {}, models: {} };

const MOST_BYTES = 1 << 20;
const MOST = 10;

type Where = string;
type Fields = Record<string, unknown>;

function fieldsOf(value: unknown, where: Where, known: readonly string[] | null): Fields {
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw new UsageError(`${where}: expected an object`);
  for (const key of known === null ? [] : Object.keys(value)) {
    if (!known!.includes(key))
      throw new UsageError(
        `${where}: unknown key "${oneLine(key, 60)}"${didYouMean(key, known!)}; there are: ${known!.join(', ')}`,
      );
  }
  return value as Fields;
}

function share(value: unknown, where: Where): number {
  const text = typeof value === 'string' ? /^(\d+(?:\.\d+)?)\s*%$/.exec(value) : null;
  const number = text ? Number(text[1]) / 100 : value;
  if (typeof number !== 'number' || !(number >= 0 && number <= MOST))
    throw new UsageError(`${where}: expected a fraction or a percentage, e.g. 0.03 or "3%"`);
  return number;
}

function metricBudget(metric: GateMetric, value: unknown, where: Where): MetricBudget | false {
  if (value === false) return false;
  const fields = fieldsOf(value, where, metric === 'accuracy' ? ['limit'] : ['margin', 'budget']);
  const read = Object.fromEntries(Object.entries(fields).map(([key, one]) => [key, share(one, `${where}.${key}`)]));
  if (metric === 'accuracy') return read;
  const { margin, budget } = { ...ALLOWANCES[metric], ...read };
  if (budget <= margin)
    throw new UsageError(
      `${where}: the budget (${budget}) must be above the margin (${margin}), or nothing could pass`,
    );
  return read;
}

function metricBudgets(value: unknown, where: Where): MetricBudgets {
  const fields = fieldsOf(value, where, GATE_METRICS);
  return Object.fromEntries(
    Object.entries(fields).map(([metric, one]) => [
      metric,
      metricBudget(metric as GateMetric, one, `${where}.${metric}`),
    ]),
  );
}

/** @throws UsageError for what are no planned looks: two or more sessions each, ascending */
export function checkLooks(value: unknown, where: Where): number[] {
  const looks = value as number[];
  const sound =
    Array.isArray(looks) &&
    looks.length >= 1 &&
    looks.length <= 10 &&
    looks.every(
      (count, i) => Number.isInteger(count) && count >= 3 && count <= 1000 && (i === 0 || count > looks[i - 1]!),
    );
  if (!sound) throw new UsageError(`${where}: expected ascending numbers of sessions from 3 to 1000, e.g. 6,12`);
  return looks;
}

/** @throws UsageError that names the place and what is accepted there */
export function parseBudget(text: string, name: string): GateBudget {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${name}: no JSON: ${oneLine((error as Error).message)}`);
  }
  const fields = fieldsOf(value, name, ['$schema', 'version', 'looks', 'metrics', 'models']);
  if (fields.version !== 1)
    throw new UsageError(
      `${name}: "version" must be 1, is ${oneLine(JSON.stringify(fields.version) ?? 'missing', 40)}`,
    );
  const models = fields.models === undefined ? {} : fieldsOf(fields.models, `${name}: models`, null);
  return {
    looks: fields.looks === undefined ? null : checkLooks(fields.looks, `${name}: looks`),
    metrics: fields.metrics === undefined ? {} : metricBudgets(fields.metrics, `${name}: metrics`),
    models: Object.fromEntries(
      Object.entries(models).map(([model, one]) => [
        model,
        metricBudgets(one, `${name}: models.${oneLine(model, 60)}`),
      ]),
    ),
  };
}

/** @throws UsageError */
export function readBudget(path: string): GateBudget {
  let text: string;
  try {
    const stat = statSync(path);
    if (!stat.isFile()) throw new UsageError(`${path}: is no file`);
    if (stat.size > MOST_BYTES) throw new UsageError(`${path}: larger than 1 MiB`);
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UsageError(`${path}: ${code === 'ENOENT' ? 'there is no such file' : oneLine(message)}`);
  }
  return parseBudget(text, path);
}

const fits = (glob: string, model: string): boolean => {
  const pattern = glob
    .split('*')
    .map((part) => part.replace(/[.+^${}()|[\]\\?]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${pattern}$`, 'i').test(model);
};

export interface Chosen {
  /** Metrics that are gated unless a budget says false. */
  metrics: readonly GateMetric[];
  /** Of flags: for latency and throughput, over all else. */
  speed: Partial<Allowance>;
  accuracyLimit: number;
}

/** The rules of one model: defaults, then the file's, then its model's, then the flags'. @throws UsageError */
export function rulesFor(model: string, budget: GateBudget, chosen: Chosen): CellRules {
  const layers = [
    budget.metrics,
    ...Object.entries(budget.models)
      .filter(([glob]) => fits(glob, model))
      .map(([, one]) => one),
  ];
  const rules: CellRules = { metrics: {}, accuracyLimit: null };
  const named = layers.flatMap((layer) => Object.keys(layer) as GateMetric[]);
  for (const metric of GATE_METRICS) {
    const said = layers.map((layer) => layer[metric]).filter((one) => one !== undefined);
    const wanted = chosen.metrics.includes(metric) || named.includes(metric);
    if (!wanted || said.at(-1) === false) continue;
    const own = Object.assign({}, ...said.filter((one) => one !== false)) as MetricBudget;
    if (metric === 'accuracy') {
      rules.accuracyLimit = own.limit ?? chosen.accuracyLimit;
      continue;
    }
    const flags = metric === 'latency' || metric === 'throughput' ? chosen.speed : {};
    const allowance = { ...ALLOWANCES[metric as DuetMetric], ...own, ...flags };
    if (allowance.budget <= allowance.margin)
      throw new UsageError(
        `${model}, ${metric}: the budget (${allowance.budget}) must be above the margin (${allowance.margin}), or nothing could pass`,
      );
    rules.metrics[metric as DuetMetric] = allowance;
  }
  return rules;
}

/** The JSON Schema (draft 2020-12) of the file. Published as src/export/gate-budget.schema.json. */
export function budgetSchema() {
  const fraction = {
    anyOf: [
      { type: 'number', minimum: 0, maximum: MOST },
      { type: 'string', pattern: '^\\d+(\\.\\d+)?\\s*%$' },
    ],
  };
  const closed = (properties: Record<string, unknown>) => ({ type: 'object', properties, additionalProperties: false });
  const metric = (name: GateMetric) => {
    const fields = name === 'accuracy' ? { limit: fraction } : { margin: fraction, budget: fraction };
    return { anyOf: [{ const: false }, closed(fields)] };
  };
  const metrics = closed(Object.fromEntries(GATE_METRICS.map((name) => [name, metric(name)])));
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema' satisfies Schema['$schema'],
    $id: 'urn:hfbench:gate-budget:1',
    title: 'hfbench.gate.json, version 1',
    ...closed({
      $schema: { type: 'string' },
      version: { const: 1 },
      looks: { type: 'array', items: { type: 'integer', minimum: 3, maximum: 1000 }, minItems: 1, maxItems: 10 },
      metrics,
      models: { type: 'object', additionalProperties: metrics },
    }),
    required: ['version'],
  };
}
