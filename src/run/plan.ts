// From what was asked for to the list of cases: lists multiply, globs spread, what contradicts itself is refused.

import { basename } from 'node:path';
import { RUNTIMES, type RuntimeName } from '../runtime/index.js';
import { UsageError } from '../util/error.js';
import { didYouMean } from '../util/suggest.js';
import type { Case, CaseDType, CaseSource, Scenario } from './case.js';
import type { CatalogEntry } from './catalog.js';
import { type Suite, suiteModels } from './suite.js';

/** Null where the user said nothing. */
export interface PlanRequest {
  models: readonly string[];
  modelFiles: readonly string[];
  suite: Suite | null;
  categories: readonly string[] | null;
  sizes: readonly ('tiny' | 'full')[] | null;
  dtypes: readonly CaseDType[] | null;
  styles: readonly ('standard' | 'fused')[] | null;
  batches: readonly number[] | null;
  seqs: readonly number[] | null;
  threads: readonly number[] | null;
  providers: readonly string[] | null;
  providerOptions: Record<string, string>;
  runtimes: readonly RuntimeName[] | null;
  scenarios: readonly Scenario[] | null;
}

const DEFAULT_SEQ = 128;

/** `vit*` and `?ert`: a star is any text, a question mark any one letter. */
function globPattern(glob: string): RegExp {
  const escaped = glob
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${escaped}$`, 'i');
}

interface Chosen {
  entry: CatalogEntry;
  variant: string;
  name: string;
  size: 'tiny' | 'full';
}

/** A family stands for its first variant, a variant for itself; a glob looks at families first. */
function find(name: string, catalog: readonly CatalogEntry[]): Chosen[] {
  const size = 'full' as const;
  if (/[*?]/.test(name)) {
    const pattern = globPattern(name);
    const families = catalog.filter((entry) => entry.ready && pattern.test(entry.name));
    if (families.length > 0)
      return families.map((entry) => ({ entry, variant: entry.variants[0]!, name: entry.name, size }));
    const variants = catalog
      .filter(({ ready }) => ready)
      .flatMap((entry) =>
        entry.variants
          .filter((variant) => pattern.test(variant))
          .map((variant) => ({ entry, variant, name: variant, size })),
      );
    if (variants.length > 0) return variants;
    throw new UsageError(`model '${name}': nothing matches; 'hfbench models' lists all`);
  }
  const entry = catalog.find((candidate) => candidate.name === name);
  const owner = entry ?? catalog.find((candidate) => candidate.variants.includes(name));
  if (owner === undefined) {
    const known = catalog.filter(({ ready }) => ready).flatMap((candidate) => [candidate.name, ...candidate.variants]);
    const advice = name.endsWith('.onnx') ? `for a file: --model-file ${name}` : "'hfbench models' lists all";
    throw new UsageError(`model '${name}' is unknown${didYouMean(name, known)}; ${advice}`);
  }
  if (!owner.ready)
    throw new UsageError(`model '${name}' is listed but cannot be built yet; 'hfbench models' says which can`);
  return [{ entry: owner, variant: entry ? owner.variants[0]! : name, name, size }];
}

function chooseModels(request: PlanRequest, catalog: readonly CatalogEntry[]): Chosen[] {
  const { categories, suite } = request;
  const known = [...new Set(catalog.map(({ category }) => category))];
  for (const category of categories ?? []) {
    if (!known.includes(category)) {
      const list = known.length === 0 ? '' : `; there are: ${known.join(', ')}`;
      throw new UsageError(`--category ${category}: no such category${didYouMean(category, known)}${list}`);
    }
  }
  const bySuite =
    suite === null
      ? []
      : suiteModels(suite, catalog).flatMap(({ name, size }) =>
          find(name, catalog).map((model) => ({ ...model, size })),
        );
  const byName = request.models.flatMap((name) => find(name, catalog));
  const named = [...bySuite, ...byName];
  if (categories === null) return named;
  const pool = named.length > 0 ? named : suiteModels('all', catalog).flatMap(({ name }) => find(name, catalog));
  return pool.filter(({ entry }) => categories.includes(entry.category));
}

function refuseContradictions(request: PlanRequest): void {
  const { models, modelFiles, suite, categories, runtimes } = request;
  const zoo = models.length > 0 || suite !== null || categories !== null;
  if (!zoo && modelFiles.length === 0) {
    throw new UsageError(
      "nothing to run: name models ('hfbench run bert'), a suite (--suite quick) or a file (--model-file x.onnx)",
    );
  }
  if (suite !== null && models.length > 0) {
    throw new UsageError(`--suite ${suite} and models (${models.join(', ')}): give one or the other`);
  }
  if (!zoo) {
    const given = (
      [
        ['--size', request.sizes],
        ['--dtype', request.dtypes],
        ['--style', request.styles],
      ] as const
    ).find(([, list]) => list !== null);
    if (given) throw new UsageError(`${given[0]}: a file given with --model-file is what it is; leave ${given[0]} out`);
  }
  if (runtimes?.includes('fake') && runtimes.length > 1) {
    throw new UsageError(
      `--runtime ${runtimes.join(',')}: scripted and real durations do not belong in one report; run fake alone`,
    );
  }
}

function product<T extends Record<string, readonly unknown[]>>(lists: T): { [K in keyof T]: T[K][number] }[] {
  let rows: Record<string, unknown>[] = [{}];
  for (const [key, values] of Object.entries(lists))
    rows = rows.flatMap((row) => values.map((value) => ({ ...row, [key]: value })));
  return rows as { [K in keyof T]: T[K][number] }[];
}

interface Model {
  model: string;
  source: CaseSource;
  sizes: readonly ('tiny' | 'full' | null)[];
  dtypes: readonly CaseDType[];
  styles: readonly ('standard' | 'fused' | null)[];
  seqs: readonly (number | null)[];
}

/** @throws UsageError for unknown names, contradictions and empty plans; provider names are checked by whoever loads them */
export function plan(request: PlanRequest, catalog: readonly CatalogEntry[]): Case[] {
  refuseContradictions(request);
  const zoo = chooseModels(request, catalog).map(
    ({ entry, variant, name, size }): Model => ({
      model: name,
      source: { kind: 'zoo', name: entry.name, variant },
      sizes: request.sizes ?? [size],
      dtypes: request.dtypes ?? ['fp32'],
      styles: request.styles ?? ['standard'],
      seqs: entry.hasSeq ? (request.seqs ?? [DEFAULT_SEQ]) : [null],
    }),
  );
  const files = request.modelFiles.map(
    (path): Model => ({
      model: basename(path),
      source: { kind: 'file', path },
      sizes: [null],
      dtypes: ['fp32'],
      styles: [null],
      seqs: request.seqs ?? [null],
    }),
  );
  const cases = [...zoo, ...files].flatMap(({ model, source, sizes, dtypes, styles, seqs }) =>
    product({
      size: sizes,
      dtype: dtypes,
      style: styles,
      batch: request.batches ?? [1],
      seq: seqs,
      provider: request.providers ?? ['cpu'],
      runtime: request.runtimes ?? [RUNTIMES[0]],
      scenario: request.scenarios ?? ['latency' as const],
      threads: request.threads ?? [0],
    }).map((choice): Case => ({ model, source, ...choice, providerOptions: request.providerOptions })),
  );
  if (cases.length === 0) throw new UsageError('nothing to run: no model that can be built fits the suite or category');
  const unique = new Map(cases.map((work) => [JSON.stringify(work), work]));
  return [...unique.values()];
}
