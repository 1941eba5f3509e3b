// Refuses raw inputs that no model of the plan takes.

import { RAW_KINDS, type RawKind } from '../../../models/preprocess.js';
import { UsageError } from '../../util/error.js';
import type { RawFiles } from './files.js';

const NOUNS: Record<RawKind, string> = { text: 'text', image: 'images', audio: 'sound' };
const FLAGS: Record<keyof RawFiles, RawKind> = { image: 'image', audio: 'audio', text: 'text', tokenizer: 'text' };

/** @throws UsageError naming the flag, and what the models take instead */
export function refuseUnfit(files: RawFiles, models: readonly { name: string; raw: readonly RawKind[] }[]): void {
  for (const [flag, kind] of Object.entries(FLAGS) as [keyof RawFiles, RawKind][]) {
    if (files[flag] === null || models.some(({ raw }) => raw.includes(kind))) continue;
    const taken = RAW_KINDS.filter((other) => models.some(({ raw }) => raw.includes(other)));
    const names = [...new Set(models.map(({ name }) => name))];
    const who =
      names.length === 1
        ? `${names[0]} takes`
        : `${names.slice(0, 3).join(', ')}${names.length > 3 ? ' ...' : ''} take`;
    const instead =
      taken.length === 0 ? 'none that hfbench knows of' : taken.map((other) => NOUNS[other]).join(' and ');
    throw new UsageError(`--${flag}: ${who} no ${NOUNS[kind]}; raw inputs: ${instead}`);
  }
}
