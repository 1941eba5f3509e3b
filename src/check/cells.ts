// Which cells there are to try, and what an earlier report says of them.

import { pageForCheckpoint } from '../../models/registry.js';
import { type Cell, type CellChoice, cellKey } from '../matrix/cell.js';
import type { CaseDType } from '../run/case.js';
import { UsageError } from '../util/error.js';
import { didYouMean } from '../util/suggest.js';
import type { Found } from './protocol.js';
import { readReference, referenceNames } from './reference.js';

export type Subject = Pick<CellChoice, 'model' | 'family' | 'category'>;

/** References with a page, by name. @throws UsageError for a folder without readable references */
export function subjects(folder: string): Subject[] {
  return referenceNames(folder).flatMap((model) => {
    const { model_type, model_class } = readReference(folder, model);
    const row = pageForCheckpoint(model_type, [model_class]);
    return row ? [{ model, family: row.family, category: row.page.split('/')[0]! }] : [];
  });
}

/** Those that the words (names of references or families, globs too) fit; all without words. @throws UsageError */
export function choose(all: readonly Subject[], words: readonly string[], folder: string): Subject[] {
  if (words.length === 0) return [...all];
  const found = new Set<Subject>();
  for (const word of words) {
    const pattern = new RegExp(
      `^${word
        .replace(/[.+^${}()|[\]\\]/g, '\\$&')
        .replaceAll('*', '.*')
        .replaceAll('?', '.')}$`,
    );
    const fitting = all.filter(({ model, family }) => pattern.test(model) || pattern.test(family));
    const near = didYouMean(
      word,
      all.map(({ model }) => model),
    );
    if (fitting.length === 0)
      throw new UsageError(`model '${word}': no reference of that name or family in ${folder}${near}`);
    for (const subject of fitting) found.add(subject);
  }
  return all.filter((subject) => found.has(subject));
}

export interface Columns {
  providers: readonly Pick<CellChoice, 'provider' | 'providerOptions'>[];
  dtypes: readonly CaseDType[];
  style: CellChoice['style'];
}

/** Models by provider by dtype, a provider's cells together: its process is used for many. */
export function cellsOf(models: readonly Subject[], { providers, dtypes, style }: Columns): CellChoice[] {
  return providers.flatMap((provider) =>
    dtypes.flatMap((dtype) => models.map((model) => ({ ...model, ...provider, dtype, style, size: 'tiny' as const }))),
  );
}

/** Codes of problems that an installation may have mended since. */
const OF_THE_MACHINE = new Set(['provider', 'provider-library', 'no-device', 'driver-too-old']);

/**
 * What is known of a cell: null where it has to be tried again because this hfbench or the limit is another one, or because the
 * machine lacked something.
 */
export function knownOf(
  cells: ReadonlyMap<string, Cell>,
  choice: CellChoice,
  now: { hfbench: string; limit: number },
): Found | null {
  const cell = cells.get(cellKey(choice));
  if (!cell || cell.hfbench !== now.hfbench || cell.limit !== now.limit) return null;
  return cell.problem && OF_THE_MACHINE.has(cell.problem.code) ? null : cell;
}
