// Where the graph and the inputs of a case come from. Everything above this file treats all sources alike. What only some
// sources need is loaded with them: the process of a case shall hold no more than it measures.

import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Generation, Link, ModelSource } from '../runtime/session.js';
import { UnsupportedError } from '../util/error.js';
import type { ValueInfo } from '../util/tensor.js';
import type { Case } from './case.js';
import { candidateFeeds, dimensionAdvice, type Feeds, resolveShape } from './feeds.js';
import { checkModelFile } from './model-file.js';
import type { ModelFacts } from './outcome.js';
import type { Recipe } from './raw/recipe.js';
import type { RunSettings } from './settings.js';

export interface OpenedSource {
  source: ModelSource;
  facts: ModelFacts;
  graphBuildNs: number | null;
  /** How the runs after the first go on; scenario generate alone. */
  generation?: Generation;
  /** What runs before `source` and gives some of its inputs: the encoder of an encoder-decoder that generates. */
  encoder?: Pick<OpenedSource, 'source' | 'freeDimensions'> & { feeds: Feeds; links: Link[] };
  /** Symbolic dimensions to fix before optimisation. */
  freeDimensions: Record<string, number>;
  /** Sets of inputs, tried in order until the model runs with one. @throws UnsupportedError when none can be made */
  feeds(inputs: readonly ValueInfo[]): Iterable<Feeds>;
  /** How raw inputs become this model's; null where nothing tells. @throws UsageError for files of a checkpoint */
  recipe(): Promise<Recipe | null>;
  /** What to try when the model does not run with them; null when nothing was guessed. */
  advice(inputs: readonly ValueInfo[]): string | null;
}

/** Bytes of weights that exporters put beside the file. */
function besideBytes(path: string): number {
  return ['.data', '_data'].reduce(
    (sum, ending) => sum + (statSync(path + ending, { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}

/** @param folder of the checkpoint that the file is part of */
async function openFile(
  path: string,
  work: Case,
  settings: RunSettings,
  folder: string | null = null,
): Promise<OpenedSource> {
  if (work.scenario === 'generate')
    throw new UnsupportedError('scenario', 'an ONNX file is run as it is; models of the zoo and checkpoints generate');
  const { bytes } = checkModelFile(path);
  const testData = existsSync(join(dirname(path), 'test_data_set_0')) ? await import('./test-data.js') : null;
  const choice = { batch: work.batch, seq: work.seq, dims: settings.dims };
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
      activationBytes: null,
      graphDigest: null,
    },
    graphBuildNs: null,
    freeDimensions: {},
    recipe: async () => (folder === null ? null : (await import('./raw/recipe.js')).folderRecipe(folder)),
    advice: (inputs) => dimensionAdvice(inputs, choice),
    *feeds(inputs) {
      const shapes = inputs.map((input) => resolveShape(input, choice));
      const given = testData?.testDataFeeds(path, inputs, shapes);
      if (given) yield given;
      yield* candidateFeeds(inputs, shapes);
    },
  };
}

/** A folder in the style of onnx-community holds the graph itself; any other is built from its page. */
async function openCheckpointFolder(folder: string, work: Case, settings: RunSettings): Promise<OpenedSource> {
  const { onnxFileOf, openCheckpoint } = await import('./checkpoint-source.js');
  const onnx = onnxFileOf(folder, work.dtype ?? 'fp32');
  return onnx === null ? openCheckpoint(folder, work, settings) : openFile(onnx, work, settings, folder);
}

/** @throws UsageError, UnsupportedError */
export async function openSource(work: Case, settings: RunSettings): Promise<OpenedSource> {
  switch (work.source.kind) {
    case 'file':
      return openFile(work.source.path, work, settings);
    case 'zoo':
      return (await import('./zoo-source.js')).openZoo(work.source.variant, work, settings);
    case 'checkpoint':
      return openCheckpointFolder(work.source.folder, work, settings);
    case 'kernel':
      throw new Error(`${work.source.name}: a kernel has no graph`);
  }
}
