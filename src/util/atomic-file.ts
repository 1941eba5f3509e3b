// Output files that are either whole or not there: written beside the target, synced, renamed.

import { randomBytes } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { UsageError } from './error.js';

function besides(path: string): string {
  return join(dirname(path), `.${basename(path)}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`);
}

function isDevice(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat !== undefined && !stat.isFile() && !stat.isDirectory();
}

/** What to tell a user about a failed write to `path`. */
export function writeProblem(path: string, error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  const meaning: Record<string, string> = {
    ENOENT: 'its folder does not exist',
    ENOTDIR: 'a part of its path is a file, not a folder',
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    EROFS: 'the file system is read-only',
    ENOSPC: 'the disk is full',
    EDQUOT: 'the disk quota is used up',
    EISDIR: 'it is a folder',
    ENAMETOOLONG: 'the name is too long',
  };
  return `cannot write ${path}: ${meaning[code ?? ''] ?? (error as Error).message}`;
}

/**
 * Refuses a path that cannot be written, by making (and removing) a file where the output will be made.
 * @param flag what the user set, for the message, e.g. '--json'
 * @throws UsageError
 */
export function checkWritable(path: string, flag: string): void {
  if (path === '') throw new UsageError(`${flag}: the file name is empty`);
  if (path.includes('\0')) throw new UsageError(`${flag}: the file name holds a NUL character`);
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat?.isDirectory()) throw new UsageError(`${flag} ${path}: it is a folder; name a file`);
    if (stat !== undefined) accessSync(path, constants.W_OK);
    if (stat !== undefined && !stat.isFile()) return; // a device or pipe: nothing is made beside it
    const probe = besides(path);
    closeSync(openSync(probe, 'wx'));
    rmSync(probe);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${flag}: ${writeProblem(path, error)}`);
  }
}

/** Writes `text` so that a reader, a crash or a full disk never leaves half a file. @throws the file system's error */
export function writeFileAtomic(path: string, text: string | Uint8Array): void {
  // Renaming onto /dev/stdout or a named pipe would replace it by a file.
  if (isDevice(path)) {
    writeFileSync(path, text);
    return;
  }
  const temporary = besides(path);
  try {
    const file = openSync(temporary, 'wx');
    try {
      writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
