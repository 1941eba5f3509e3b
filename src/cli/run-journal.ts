// The journal's life in a run: made or found, added to, kept or removed.

import { join, resolve } from 'node:path';
import { Journal, type JournalEntry, type ReadJournal, readJournal } from '../run/journal.js';
import { findJournal, finished, stateFolder } from '../run/resume.js';
import { UsageError } from '../util/error.js';
import { oneLine } from '../util/one-line.js';
import type { RunFlags } from './run-flags.js';
import { note } from './terminal.js';

export interface RunJournal {
  /** Records of an earlier run that still count, by case identity. */
  resumed: ReadonlyMap<string, JournalEntry>;
  notes: string[];
  /** On disk when it returns; a failure is said once, and the run goes on. */
  add(entry: JournalEntry): void;
  /** The run did not end well: returns where the records are, or null when there is no journal. */
  keep(): string | null;
  /** Everything is written: a journal that nobody asked for by name goes. */
  finish(): void;
}

function earlier(flags: RunFlags, folder: string): (ReadJournal & { path: string }) | null {
  if (!flags.resume) return null;
  if (flags.journal === undefined) return findJournal(folder, process.cwd());
  const path = resolve(flags.journal);
  const journal = readJournal(path);
  return journal && { ...journal, path };
}

function open(
  flags: RunFlags,
  found: { path: string; soundBytes: number } | null,
  folder: string,
  now: string,
): Journal {
  if (found !== null) return Journal.append(found.path, found.soundBytes);
  const unique = `${now.replace(/[^0-9TZ]/g, '')}-${process.pid}.journal.jsonl`;
  const path = flags.journal === undefined ? join(folder, unique) : resolve(flags.journal);
  return Journal.create(path, {
    journal: 'hfbench',
    version: 1,
    pid: process.pid,
    cwd: process.cwd(),
    command: process.argv.slice(2),
    createdAt: now,
  });
}

/** @throws UsageError when --journal names a file that cannot be used */
export function openRunJournal(flags: RunFlags, now: string, env: NodeJS.ProcessEnv): RunJournal {
  const folder = stateFolder(env);
  const found = earlier(flags, folder);
  const resumed = finished(found?.entries ?? []);
  const notes: string[] = [];
  if (flags.resume) {
    notes.push(
      found === null ? 'no journal to go on with: starting from the beginning' : `going on with ${found.path}`,
    );
  }
  let journal: Journal | null = null;
  try {
    journal = open(flags, found, folder, now);
  } catch (error) {
    if (!(error instanceof UsageError) || flags.journal !== undefined) throw error;
    notes.push(`no journal, so this run cannot be resumed: ${error.message}`);
  }
  return {
    resumed,
    notes,
    add(entry) {
      try {
        journal?.add(entry);
      } catch (error) {
        note(
          `the journal ${journal!.path} cannot be written (${oneLine((error as Error).message)}); going on without it`,
        );
        journal = null;
      }
    },
    keep() {
      journal?.close();
      return journal?.path ?? null;
    },
    finish() {
      if (flags.journal === undefined) journal?.remove();
      else journal?.close();
    },
  };
}
