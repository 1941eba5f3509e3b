import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Journal, type JournalHeader, readJournal } from '../../src/run/journal.js';
import type { Outcome } from '../../src/run/outcome.js';
import { findJournal, finished, stateFolder } from '../../src/run/resume.js';
import { OUTCOMES } from '../support/outcomes.js';

const folder = mkdtempSync(join(tmpdir(), 'hfbench-journal-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/** No process has this number: above what Linux, macOS and Windows give. */
const NOBODY = 2 ** 30;
const header = (changes: Partial<JournalHeader> = {}): JournalHeader => ({
  journal: 'hfbench',
  version: 1,
  pid: NOBODY,
  cwd: '/somewhere',
  command: ['run', 'bert'],
  createdAt: '2026-01-02T03:04:05.000Z',
  ...changes,
});

function written(name: string, entries: readonly Outcome[] = OUTCOMES): string {
  const path = join(folder, name);
  rmSync(path, { force: true });
  const journal = Journal.create(path, header());
  for (const [index, outcome] of entries.entries()) journal.add({ identity: `id-${index}`, outcome });
  journal.close();
  return path;
}

test('what was added is read', () => {
  const journal = readJournal(written('whole'))!;
  assert.equal(journal.header, header());
  assert.equal(
    journal.entries.map(({ outcome }) => outcome),
    JSON.parse(JSON.stringify(OUTCOMES)),
  );
});

test('cut at any byte, it gives the whole lines before the cut, and goes on from there', () => {
  const path = written('cut');
  const bytes = readFileSync(path);
  const lineEnds = [...bytes.keys()].filter((at) => bytes[at] === 0x0a);
  for (const cut of [lineEnds[0]! + 1, lineEnds[1]! - 1, lineEnds[1]!, lineEnds[1]! + 1, bytes.length - 1]) {
    writeFileSync(path, bytes);
    truncateSync(path, cut);
    const journal = readJournal(path)!;
    assert.is(journal.entries.length, lineEnds.filter((end) => end < cut).length - 1, `cut at ${cut}`);
    const resumed = Journal.append(path, journal.soundBytes);
    resumed.add({ identity: 'new', outcome: OUTCOMES[0]! });
    resumed.close();
    assert.is(readJournal(path)!.entries.at(-1)!.identity, 'new', `cut at ${cut}`);
  }
});

test('what is no journal is none', () => {
  const path = join(folder, 'other');
  for (const text of [
    '',
    '\n',
    'hello\n',
    '{}\n',
    '[]\n',
    'null\n',
    '{"journal":"hfbench","version":2}\n',
    '\0\0\0\n',
  ]) {
    writeFileSync(path, text);
    assert.is(readJournal(path), null, JSON.stringify(text));
  }
  assert.is(readJournal(join(folder, 'nothing')), null);
  assert.is(readJournal(folder), null);
});

test('lines behind a broken one do not count', () => {
  const path = written('broken');
  const lines = readFileSync(path, 'utf8').split('\n');
  writeFileSync(path, [...lines.slice(0, 2), '{"identity":7}', ...lines.slice(2)].join('\n'));
  assert.is(readJournal(path)!.entries.length, 1);
});

test('failed, skipped and interrupted cases are tried again', () => {
  const [measured] = OUTCOMES.filter(({ state }) => state === 'measured') as Extract<Outcome, { state: 'measured' }>[];
  const reason = { code: 'x', message: 'x' };
  const { measurement, ...common } = measured!;
  const outcomes: Record<string, Outcome> = {
    whole: measured!,
    interrupted: { ...measured!, measurement: { ...measurement, stop: 'interrupted' } },
    failed: { ...common, state: 'failed', reason },
    skipped: { ...common, state: 'skipped', reason },
    unsupported: { ...common, state: 'unsupported', reason },
  };
  const kept = finished(Object.entries(outcomes).map(([identity, outcome]) => ({ identity, outcome })));
  assert.equal([...kept.keys()], ['whole', 'unsupported']);
});

test('the last word on a case counts', () => {
  const [measured] = OUTCOMES.filter(({ state }) => state === 'measured') as Extract<Outcome, { state: 'measured' }>[];
  const failed: Outcome = { ...measured!, state: 'failed', reason: { code: 'x', message: 'x' } };
  assert.is(
    finished([
      { identity: 'a', outcome: measured! },
      { identity: 'a', outcome: failed },
    ]).size,
    0,
  );
});

test('the journal to go on with: this folder, and nobody writes it any more', () => {
  const states = mkdtempSync(join(folder, 'states-'));
  const make = (name: string, changes: Partial<JournalHeader>) => {
    Journal.create(join(states, `${name}.journal.jsonl`), header(changes)).close();
  };
  make('elsewhere', { cwd: '/elsewhere' });
  make('going-on', { pid: process.pid });
  assert.is(findJournal(states, '/somewhere'), null);
  make('mine', {});
  assert.match(findJournal(states, '/somewhere')!.path, /mine\.journal\.jsonl$/);
  assert.is(findJournal(join(states, 'nothing'), '/somewhere'), null);
});

test('the state folder follows the variables', () => {
  assert.is(stateFolder({ HFBENCH_STATE_DIR: '/x' }), '/x');
  if (process.platform === 'linux') assert.is(stateFolder({ XDG_STATE_HOME: '/s' }), '/s/hfbench');
});

test.run();
