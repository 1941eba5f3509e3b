// Where the graph and the inputs of a case come from. Everything above this file treats all sources alike.

import { statSync } from 'node:fs';
import type { ModelSource } from '../runtime/session.js';
import type { ValueInfo } from '../util/tensor.js';
import type { Case } from './case.js';
import { candidateFeeds, type Feeds } from './feeds.js';
import { checkModelFile } from './model-file.js';
import type { ModelFacts } from './outcome.js';
import type { RunSettings } from './settings.js';

export interface OpenedSource {
  source: ModelSource;
  facts: ModelFacts;
  graphBuildNs: number | null;
  /** Symbolic dimensions to fix before optimisation. */
  freeDimensions: Record<string, number>;
  /** Sets of inputs, tried in order until the model runs with one. @throws UnsupportedError when none can be made */
  feeds(inputs: readonly ValueInfo[]): Iterable<Feeds>;
}

/** Bytes of weights that exporters put beside the file. */
function besideBytes(path: string): number {
  return ['.data', '_data'].reduce(
    (sum, ending) => sum + (statSync(path + ending, { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}

function openFile(path: string, work: Case, settings: RunSettings): OpenedSource {
  const { bytes } = checkModelFile(path);
  return {
    source: { kind: 'file', path },
    facts: {
      family: null,
      category: null,
      parameters: null,
      modelBytes: bytes + besideBytes(path),
      nodes: null,
      macs: null,
      weightReadBytes: null,
      graphDigest: null,
    },
    graphBuildNs: null,
    freeDimensions: {},
    feeds: (inputs) => candidateFeeds(inputs, { batch: work.batch, seq: work.seq, dims: settings.dims }),
  };
}

/** @throws UsageError, UnsupportedError */
export async function openSource(work: Case, settings: RunSettings): Promise<OpenedSource> {
  switch (work.source.kind) {
    case 'file':
      return openFile(work.source.path, work, settings);
    case 'zoo':
    case 'checkpoint':
      throw new Error(`source ${work.source.kind} is not plugged in`);
  }
}
