// Raw inputs that the user gives: an image, a recording, texts, and the tokenizer for them.

import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { RAW_KINDS, type RawKind } from '../../../models/preprocess.js';
import type { Recording } from '../../preprocess/audio.js';
import type { RawImage } from '../../preprocess/image.js';
import { UsageError } from '../../util/error.js';
import { oneLine } from '../../util/one-line.js';

/** Paths; null where the user gave none. */
export interface RawFiles {
  image: string | null;
  audio: string | null;
  text: string | null;
  tokenizer: string | null;
}

export const NO_RAW_FILES: RawFiles = { image: null, audio: null, text: null, tokenizer: null };

export function anyRawFile(files: RawFiles): boolean {
  return Object.values(files).some((path) => path !== null);
}

/** Whether one of the files is of a kind that `takes` has. */
export function takesAny(takes: Record<RawKind, unknown>, { image, audio, text, tokenizer }: RawFiles): boolean {
  const given = { image, audio, text: text ?? tokenizer };
  return RAW_KINDS.some((kind) => takes[kind] !== null && given[kind] !== null);
}

const MOST_BYTES = 1 << 30;
const MOST_TEXT_BYTES = 64 << 20;

/** @throws UsageError naming flag and file */
function readFile(flag: string, path: string, most: number): Buffer {
  const where = `${flag} ${path}`;
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw new UsageError(`${where}: there is no such file`);
  if (!stat.isFile()) throw new UsageError(`${where}: it is no regular file`);
  if (stat.size === 0) throw new UsageError(`${where}: the file is empty`);
  if (stat.size > most) throw new UsageError(`${where}: ${stat.size} bytes are more than the ${most} that are read`);
  try {
    return readFileSync(path);
  } catch (error) {
    throw new UsageError(`${where}: cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

/** Puts the flag before what a reader says of its file. */
async function naming<T>(flag: string, path: string, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const said = error.message.replace(`${path}: `, '').replace(/^image of \d+ bytes: /, '');
    throw new UsageError(oneLine(`${flag} ${path}: ${said}`));
  }
}

/** A file's contents, and what reads them: so that decoding can be timed by itself. */
export interface Encoded<T> {
  name: string;
  decode(): Promise<T>;
}

/** @throws UsageError here for the file, in `decode` for its contents */
export function imageFile(path: string): Encoded<RawImage> {
  const bytes = readFile('--image', path, MOST_BYTES);
  const decode = async () => {
    const { decodeImage } = await import('../../preprocess/image-decode.js');
    return naming('--image', path, () => decodeImage(bytes));
  };
  return { name: basename(path), decode };
}

/** As imageFile, for RIFF/WAVE. */
export function audioFile(path: string): Encoded<Recording> {
  const bytes = readFile('--audio', path, MOST_BYTES);
  const decode = async () => {
    const { readWav } = await import('../../preprocess/audio.js');
    return naming('--audio', path, () => readWav(bytes));
  };
  return { name: basename(path), decode };
}

/** The lines that are not blank: each is a text. @throws UsageError */
export function textFile(path: string): { name: string; texts: string[] } {
  const lines = readFile('--text', path, MOST_TEXT_BYTES)
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .split(/\r?\n/);
  const texts = lines.filter((line) => line.trim() !== '');
  if (texts.length === 0) throw new UsageError(`--text ${path}: holds no text, only blank lines`);
  return { name: basename(path), texts };
}

/** @throws UsageError as openTokenizer of src/preprocess */
export async function tokenizerFile(path: string) {
  const { tokenizer } = await import('../../preprocess/tokenizer.js');
  return naming('--tokenizer', path, () => tokenizer(path));
}

/** Reads and decodes every file once, so that a run does not begin with one that cannot be used. @throws UsageError */
export async function checkRawFiles({ image, audio, text, tokenizer }: RawFiles): Promise<void> {
  if (image !== null) await imageFile(image).decode();
  if (audio !== null) await audioFile(audio).decode();
  if (text !== null) textFile(text);
  if (tokenizer !== null) await tokenizerFile(tokenizer);
}
