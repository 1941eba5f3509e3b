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
  name: string;
  /** What `--size` defaults to for this model. */
  size: 'tiny' | 'full';
}

export function suiteModels(suite: Suite, catalog: readonly CatalogEntry[]): SuiteChoice[] {
  const ready = catalog.filter((entry) => entry.ready);
  switch (suite) {
    case 'quick':
      return ready.filter(({ name }) => name in QUICK).map(({ name }) => ({ name, size: QUICK[name]! }));
    case 'core':
      return ready.filter(({ name }) => CORE.includes(name)).map(({ name }) => ({ name, size: 'full' }));
    case 'all':
      return ready.map(({ name }) => ({ name, size: 'full' }));
  }
}
