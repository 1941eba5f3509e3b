// The packages that hfbench is compared with, from bench/preprocess/node_modules: `npm install` there once, with
// ONNXRUNTIME_NODE_INSTALL=skip where no network leads to the CUDA files.

import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const require = createRequire(new URL('../../../bench/preprocess/package.json', import.meta.url));

// biome-ignore lint/suspicious/noExplicitAny: the peers' types are not installed with hfbench
type Loose = any;

export interface Peers {
  transformers: Loose;
  sharp: Loose;
  /** transformers.js's processor or feature extractor for a preprocessor_config.json. */
  processor: (kind: 'AutoImageProcessor' | 'AutoFeatureExtractor', config: object) => Promise<Loose>;
}

export async function loadPeers(): Promise<Peers> {
  let transformers: Loose;
  let sharp: Loose;
  try {
    transformers = await import(pathToFileURL(require.resolve('@huggingface/transformers')).href);
    sharp = require('sharp');
  } catch {
    throw new Error('bench/preprocess: the peers are not installed; run npm install in bench/preprocess');
  }
  sharp.concurrency(1);
  const folder = mkdtempSync(join(tmpdir(), 'hfbench-peers-'));
  transformers.env.allowRemoteModels = false;
  transformers.env.localModelPath = folder;
  let count = 0;
  const processor: Peers['processor'] = async (kind, config) => {
    const name = `model-${count++}`;
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'preprocessor_config.json'), JSON.stringify(config));
    return transformers[kind].from_pretrained(name);
  };
  return { transformers, sharp, processor };
}
