// Finding the journal to go on from, and what of it still counts.

import { readdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type JournalEntry, type ReadJournal, readJournal } from './journal.js';

/** Where journals lie unless --journal names a file: outside the user's folders, and only as long as they are needed. */
export function stateFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env.HFBENCH_STATE_DIR) return env.HFBENCH_STATE_DIR;
  if (process.platform === 'win32' && env.LOCALAPPDATA) return join(env.LOCALAPPDATA, 'hfbench');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'hfbench');
  return join(env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'hfbench');
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

export interface FoundJournal extends ReadJournal {
  path: string;
}

/** The newest journal of a run that was started in `cwd` and is no longer going on; null when there is none. */
export function findJournal(folder: string, cwd: string): FoundJournal | null {
  let names: string[];
  try {
    names = readdirSync(folder).filter((name) => name.endsWith('.journal.jsonl'));
  } catch {
    return null;
  }
  const paths = names.map((name) => join(folder, name));
  const changed = new Map(paths.map((path) => [path, statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0]));
  for (const path of paths.sort((a, b) => changed.get(b)! - changed.get(a)!)) {
    const journal = readJournal(path);
    if (journal !== null && journal.header.cwd === cwd && !isAlive(journal.header.pid)) return { ...journal, path };
  }
  return null;
}

/**
 * Records that need not be measured again, by case identity. Failed and skipped cases are tried again: what stopped them may
 * be gone; so are interrupted ones, which hold fewer samples than asked for.
 */
export function finished(entries: readonly JournalEntry[]): Map<string, JournalEntry> {
  const kept = new Map<string, JournalEntry>();
  for (const entry of entries) {
    const { outcome } = entry;
    const whole = outcome.state === 'measured' && outcome.measurement.stop !== 'interrupted';
    if (whole || outcome.state === 'unsupported') kept.set(entry.identity, entry);
    else kept.delete(entry.identity);
  }
  return kept;
}
