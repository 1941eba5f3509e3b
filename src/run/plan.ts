// From what was asked for to the list of cases: lists multiply, globs spread, what contradicts itself is refused.

import { resolve } from 'node:path';
import type { ProviderRequest } from '../provider/index.js';
import { RUNTIMES, type RuntimeName } from '../runtime/index.js';
import { UsageError } from '../util/error.js';
import { didYouMean } from '../util/suggest.js';
import type { Case, CaseDType, CaseSource, Scenario } from './case.js';
import { type Catalog, type CatalogEntry, refusal } from './catalog.js';
import type { CheckpointEntry } from './checkpoint-entry.js';
import type { RawFiles } from './raw/files.js';
import { refuseUnfit } from './raw/refuse-unfit.js';
import { type Suite, suiteModels } from './suite.js';

/** Null where the user said nothing. */
export interface PlanRequest {
  models: readonly string[];
  modelFiles: readonly string[];
  /** Folders of checkpoints, what the user called them, and what their configuration says. */
  checkpoints: readonly ({ folder: string; name: string } & CheckpointEntry)[];
  suite: Suite | null;
  categories: readonly string[] | null;
  sizes: readonly ('tiny' | 'full')[] | null;
  dtypes: readonly CaseDType[] | null;
  styles: readonly ('standard' | 'fused')[] | null;
  batches: readonly number[] | null;
  seqs: readonly number[] | null;
  /** Of scenario generate. */
  prompts: readonly number[] | null;
  generates: readonly number[] | null;
  threads: readonly number[] | null;
  providers: readonly ProviderRequest[] | null;
  runtimes: readonly RuntimeName[] | null;
  scenarios: readonly Scenario[] | null;
  raw: RawFiles;
}

/** Tiny configurations have few positions. */
const TINY_SEQ = 16;
/** As llama-bench's. */
const [PROMPT, GENERATE] = [512, 128];
const [TINY_PROMPT, TINY_GENERATE] = [16, 16];

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
  size: 'tiny' | 'full';
}

const chosen = (entry: CatalogEntry): Chosen => ({ entry, size: 'full' });

/** A glob means every graph once; only where it fits aliases alone does it mean those. */
function findGlob(glob: string, { models }: Catalog): CatalogEntry[] {
  const pattern = globPattern(glob);
  const fitting = models.filter(({ name }) => pattern.test(name));
  if (fitting.length === 0) throw new UsageError(`model '${glob}': nothing matches; 'hfbench models' lists all`);
  const originals = fitting.filter(({ aliasOf }) => aliasOf === null);
  return originals.length > 0 ? originals : fitting;
}

function find(name: string, catalog: Catalog): CatalogEntry[] {
  if (/[*?]/.test(name)) return findGlob(name, catalog);
  const entry = catalog.models.find((candidate) => candidate.name === name);
  if (entry !== undefined) return [entry];
  const missing = catalog.unavailable.find((candidate) => candidate.name === name);
  if (missing !== undefined) throw new UsageError(refusal(missing));
  const near = didYouMean(
    name,
    catalog.models.map((candidate) => candidate.name),
  );
  throw new UsageError(`model '${name}' is unknown${near}; 'hfbench models' lists all`);
}

function checkCategories(categories: readonly string[], catalog: Catalog): void {
  const known = [...new Set(catalog.models.map(({ category }) => category))];
  for (const category of categories) {
    if (known.includes(category)) continue;
    throw new UsageError(
      `--category ${category}: no such category${didYouMean(category, known)}; there are: ${known.join(', ')}`,
    );
  }
}

/** A category alone means all its models; beside models or a suite it narrows them. */
function chooseModels({ categories, suite, models }: PlanRequest, catalog: Catalog): Chosen[] {
  const bySuite = suite === null ? [] : suiteModels(suite, catalog.models);
  const named = [...bySuite, ...models.flatMap((name) => find(name, catalog)).map(chosen)];
  if (categories === null) return named;
  checkCategories(categories, catalog);
  const pool = named.length > 0 ? named : suiteModels('all', catalog.models);
  return pool.filter(({ entry }) => categories.includes(entry.category));
}

function refuseContradictions(request: PlanRequest): void {
  const { models, modelFiles, checkpoints, suite, categories, runtimes } = request;
  const zoo = models.length > 0 || suite !== null || categories !== null;
  if (!zoo && modelFiles.length === 0 && checkpoints.length === 0) {
    throw new UsageError(
      "nothing to run: name models ('hfbench run bert'), a suite (--suite quick), a file (--model-file x.onnx) or a checkpoint (--checkpoint org/name)",
    );
  }
  if (suite !== null && models.length > 0) {
    throw new UsageError(`--suite ${suite} and models (${models.join(', ')}): give one or the other`);
  }
  if (checkpoints.length > 0 && request.sizes !== null) {
    throw new UsageError('--size: a checkpoint has one size, that of its configuration; leave --size out');
  }
  if (!zoo && checkpoints.length === 0) {
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

/** The file's name, with as much of its folders as tells it from the other files; 'model.onnx' alone says nothing. */
function fileLabel(path: string, all: readonly string[]): string {
  const parts = resolve(path).split(/[\\/]/);
  const least = /^model\.(onnx|ort)$/i.test(parts.at(-1)!) ? 2 : 1;
  for (let count = least; count < parts.length; count++) {
    const label = parts.slice(-count).join('/');
    if (all.filter((other) => `/${resolve(other).replaceAll('\\', '/')}`.endsWith(`/${label}`)).length <= 1)
      return label;
  }
  return path;
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
  dtypes: readonly (CaseDType | null)[];
  styles: readonly ('standard' | 'fused' | null)[];
  /** At full size; null where there is no sequence, or where only the user can tell. */
  defaultSeq: number | null;
}

/** How long the runs of a case are: a sequence, or for scenario generate a prompt and what follows it. */
function lengths(
  { seqs, prompts, generates }: PlanRequest,
  tiny: boolean,
  defaultSeq: number | null,
): Pick<Case, 'seq' | 'generation'>[] {
  const sequences = defaultSeq === null ? [null] : (seqs ?? [tiny ? TINY_SEQ : defaultSeq]);
  const generations = product({
    // Models of sound read no tokens before they write some.
    prompt: defaultSeq === null ? [null] : (prompts ?? [tiny ? TINY_PROMPT : PROMPT]),
    generate: generates ?? [tiny ? TINY_GENERATE : GENERATE],
  });
  return [...sequences.map((seq) => ({ seq })), ...generations.map((generation) => ({ seq: null, generation }))];
}

/** @throws UsageError for unknown names, contradictions and empty plans */
export function plan(request: PlanRequest, catalog: Catalog): Case[] {
  refuseContradictions(request);
  const chosenModels = chooseModels(request, catalog);
  refuseUnfit(request.raw, [
    ...chosenModels.map(({ entry }) => entry),
    ...request.checkpoints,
    ...request.modelFiles.map((path) => ({ name: path, raw: [] })),
  ]);
  const zoo = chosenModels.map(
    ({ entry, size }): Model => ({
      model: entry.name,
      source: { kind: 'zoo', name: entry.name, variant: entry.name },
      sizes: request.sizes ?? [size],
      dtypes: request.dtypes ?? ['fp32'],
      styles: request.styles ?? ['standard'],
      defaultSeq: entry.defaultSeq,
    }),
  );
  const files = request.modelFiles.map(
    (path): Model => ({
      model: fileLabel(path, request.modelFiles),
      source: { kind: 'file', path },
      sizes: [null],
      dtypes: [null],
      styles: [null],
      // Whether a file has a sequence shows when it is opened: until then only what the user said counts.
      defaultSeq: request.seqs?.[0] ?? null,
    }),
  );
  const checkpoints = request.checkpoints.map(
    ({ folder, name, defaultSeq }): Model => ({
      model: name,
      source: { kind: 'checkpoint', folder },
      sizes: [null],
      dtypes: request.dtypes ?? ['fp32'],
      styles: request.styles ?? ['standard'],
      defaultSeq,
    }),
  );
  const scenarios = request.scenarios ?? ['latency' as const];
  const cases = [...zoo, ...files, ...checkpoints].flatMap(({ model, source, sizes, dtypes, styles, defaultSeq }) =>
    sizes.flatMap((size) =>
      product({
        size: [size],
        dtype: dtypes,
        style: styles,
        batch: request.batches ?? [1],
        length: lengths(request, size === 'tiny', defaultSeq),
        provider: request.providers ?? [{ name: 'cpu', options: {} }],
        runtime: request.runtimes ?? [RUNTIMES[0]],
        scenario: scenarios,
        threads: request.threads ?? [0],
      })
        .filter(({ length, scenario }) => (length.generation !== undefined) === (scenario === 'generate'))
        .map(
          ({ length, provider, ...choice }): Case => ({
            model,
            source,
            ...choice,
            ...length,
            provider: provider.name,
            providerOptions: provider.options,
          }),
        ),
    ),
  );
  if (cases.length === 0) throw new UsageError('nothing to run: no model that can be built fits the suite or category');
  const unique = new Map(cases.map((work) => [JSON.stringify(work), work]));
  return [...unique.values()];
}
