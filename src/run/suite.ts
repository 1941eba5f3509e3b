// Named selections of models. A suite chooses models and their sizes; everything else is chosen as for any run.

import type { CatalogEntry } from './catalog.js';

export const SUITES = ['quick', 'core', 'all'] as const;
export type Suite = (typeof SUITES)[number];

/** One well-known architecture of each category, in sizes that two cores measure within a minute and a half. */
const QUICK: Record<string, 'tiny' | 'full'> = {
  bert: 'full',
  gpt2: 'full',
  llama: 'tiny',
  t5: 'full',
  vit: 'full',
  resnet: 'full',
  clip: 'full',
  whisper: 'full',
  patchtst: 'full',
};

/** Models that stand for most of what is run in practice. */
const CORE = [
  ...Object.keys(QUICK),
  'distilbert',
  'roberta',
  'mistral',
  'qwen2',
  'bart',
  'convnext',
  'swin',
  'wav2vec2',
  'detr',
];

export interface SuiteChoice {
  entry: CatalogEntry;
  /** What `--size` defaults to for this model. */
  size: 'tiny' | 'full';
}

/** In the order of the suite; names that the zoo does not have are left out. */
export function suiteModels(suite: Suite, models: readonly CatalogEntry[]): SuiteChoice[] {
  if (suite === 'all')
    return models.filter(({ aliasOf }) => aliasOf === null).map((entry) => ({ entry, size: 'full' }));
  const names = suite === 'quick' ? Object.keys(QUICK) : CORE;
  return names.flatMap((name) => {
    const entry = models.find((candidate) => candidate.name === name);
    return entry === undefined ? [] : [{ entry, size: suite === 'quick' ? QUICK[name]! : 'full' }];
  });
}
