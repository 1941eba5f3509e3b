// What the planner has to know of a checkpoint: its config.json and the row of its page, without building anything.

import { join } from 'node:path';
import { RAW_KINDS, type RawKind } from '../../models/preprocess.js';
import { MODELS, pageForCheckpoint } from '../../models/registry.js';
import { readJson } from '../checkpoint/folder.js';
import { UsageError } from '../util/error.js';

export interface CheckpointEntry {
  /** Null where the model has no sequence. */
  defaultSeq: number | null;
  raw: readonly RawKind[];
}

const DEFAULT_SEQ = 128;
const POSITIONS = ['max_position_embeddings', 'n_positions', 'max_sequence_length'];

/** Positions that a configuration has, its own or those of its text part; null where it does not say. */
function positionsOf(config: Record<string, unknown>): number | null {
  const parts = [config, config.text_config].filter((part) => typeof part === 'object' && part !== null);
  const found = parts.flatMap((part) => POSITIONS.map((key) => (part as Record<string, unknown>)[key]));
  return found.find((value): value is number => Number.isSafeInteger(value) && (value as number) > 0) ?? null;
}

/** The page's length where the checkpoint has the positions for it; else the power of two that leaves room for an offset. */
function fitting(wanted: number, positions: number | null): number {
  if (positions === null || positions >= wanted) return wanted;
  return Math.max(1, 2 ** Math.floor(Math.log2(Math.max(1, positions - 2))));
}

/** For a folder whose model no page builds the answer is a guess: opening it will say what is wrong. */
export function checkpointEntry(folder: string): CheckpointEntry {
  let config: Record<string, unknown>;
  try {
    config = readJson(join(folder, 'config.json'));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { defaultSeq: DEFAULT_SEQ, raw: RAW_KINDS };
  }
  const { model_type: type, architectures } = config;
  const classes = Array.isArray(architectures) ? architectures.map(String) : [];
  const page = typeof type === 'string' ? pageForCheckpoint(type, classes)?.page : undefined;
  const row = MODELS.find((candidate) => candidate.page === page);
  if (row === undefined) return { defaultSeq: DEFAULT_SEQ, raw: RAW_KINDS };
  const sequence = row.dimensions.includes('seq');
  return { defaultSeq: sequence ? fitting(row.seq ?? DEFAULT_SEQ, positionsOf(config)) : null, raw: row.raw };
}
