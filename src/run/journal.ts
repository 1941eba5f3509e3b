// The journal of a run: one line of JSON per finished case, on disk before the next case starts. What kills hfbench takes
// the running case with it and nothing else.

import { closeSync, fsyncSync, ftruncateSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { UsageError } from '../util/error.js';
import type { Outcome } from './outcome.js';

export interface JournalHeader {
  journal: 'hfbench';
  version: 1;
  /** Process that writes it. */
  pid: number;
  /** Folder in which the run was started. */
  cwd: string;
  command: string[];
  createdAt: string;
}

export interface JournalEntry {
  identity: string;
  outcome: Outcome;
}

export interface ReadJournal {
  header: JournalHeader;
  entries: JournalEntry[];
  /** Length of the part that could be read; a write that was cut short ends behind it. */
  soundBytes: number;
}

/** Null for what is no journal. A last line that was cut short, and anything behind a broken line, is left out. */
export function readJournal(path: string): ReadJournal | null {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch {
    return null;
  }
  let header: JournalHeader | null = null;
  const entries: JournalEntry[] = [];
  let soundBytes = 0;
  while (soundBytes < bytes.length) {
    const end = bytes.indexOf(0x0a, soundBytes);
    if (end < 0) break;
    try {
      const line = JSON.parse(bytes.toString('utf8', soundBytes, end));
      if (header === null) {
        if (line?.journal !== 'hfbench' || line.version !== 1) return null;
        header = line;
      } else if (typeof line?.identity === 'string' && typeof line.outcome?.state === 'string') {
        entries.push(line);
      } else break;
    } catch {
      break;
    }
    soundBytes = end + 1;
  }
  return header === null ? null : { header, entries, soundBytes };
}

export class Journal {
  private constructor(
    readonly path: string,
    private readonly file: number,
  ) {}

  /** @throws UsageError where it cannot be made */
  static create(path: string, header: JournalHeader): Journal {
    const journal = Journal.#open(path, 'wx');
    journal.#write(header);
    return journal;
  }

  /** Goes on behind the sound part of an earlier run's journal. */
  static append(path: string, soundBytes: number): Journal {
    const journal = Journal.#open(path, 'r+');
    ftruncateSync(journal.file, soundBytes);
    closeSync(journal.file);
    return Journal.#open(path, 'a');
  }

  static #open(path: string, flags: string): Journal {
    try {
      mkdirSync(dirname(path), { recursive: true });
      return new Journal(path, openSync(path, flags, 0o600));
    } catch (error) {
      throw new UsageError(
        `cannot write the journal ${path}: ${(error as Error).message}; set HFBENCH_STATE_DIR or --journal`,
      );
    }
  }

  /** On disk when it returns. @throws the file system's error */
  add(entry: JournalEntry): void {
    this.#write(entry);
  }

  #write(line: JournalHeader | JournalEntry): void {
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
    for (let written = 0; written < bytes.length; ) written += writeSync(this.file, bytes, written);
    fsyncSync(this.file);
  }

  close(): void {
    closeSync(this.file);
  }

  remove(): void {
    this.close();
    rmSync(this.path, { force: true });
  }
}
