// Another hfbench as a side of a duet: a folder that is there, or a git ref that is built once and kept.

import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UsageError } from '../../util/error.js';
import { oneLine } from '../../util/one-line.js';
import { cacheFolder } from '../peaks.js';
import { WORKER_PATH } from './protocol.js';

/** The worker's module of the hfbench in a folder. @param what it is, for the message. @throws UsageError */
export function workerOf(folder: string, what: string): string {
  const module = join(resolve(folder), WORKER_PATH);
  if (existsSync(module)) return module;
  const advice = existsSync(join(folder, 'package.json'))
    ? 'it is not built (npm run setup), or older than duets'
    : 'it is no folder of hfbench';
  throw new UsageError(`${what} in ${folder}: there is no ${WORKER_PATH}: ${advice}`);
}

interface Finished {
  code: number | null;
  output: string;
}

function program(command: string, args: readonly string[], cwd: string): Promise<Finished> {
  return new Promise((done) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        output = (output + chunk.toString('utf8')).slice(-100_000);
      });
    child.on('error', (error) => done({ code: null, output: error.message }));
    child.on('close', (code) => done({ code, output }));
  });
}

/** Hooks and monitors of the repository must not run. */
const git = (cwd: string, ...args: string[]): Promise<Finished> =>
  program('git', ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', ...args], cwd);

async function repositoryOf(folder: string, ref: string): Promise<string> {
  const { code, output } = await git(folder, 'rev-parse', '--show-toplevel');
  if (code !== 0)
    throw new UsageError(`ref '${ref}': ${folder} is in no git repository: start in a checkout of hfbench`);
  const root = output.trim();
  let name: unknown;
  try {
    name = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).name;
  } catch {
    name = null;
  }
  if (name !== 'hfbench')
    throw new UsageError(
      `ref '${ref}': ${root} is no checkout of hfbench: refs are of hfbench itself; compare models by their files`,
    );
  return root;
}

/** What the checkout at hand has already built serves the other commit where the inputs are the same: setup.mjs looks at that. */
function lend(from: string, to: string): void {
  const lock = (folder: string) => readFileSync(join(folder, 'package-lock.json'), 'utf8');
  if (existsSync(join(from, 'node_modules')) && !existsSync(join(to, 'node_modules')) && lock(from) === lock(to))
    symlinkSync(realpathSync(join(from, 'node_modules')), join(to, 'node_modules'), 'junction');
  const addon = ['build/Release/hfbench.node', 'build/.addon.stamp'];
  if (!existsSync(join(to, 'build')) && addon.every((path) => existsSync(join(from, path)))) {
    mkdirSync(join(to, 'build/Release'), { recursive: true });
    for (const path of addon) cpSync(join(from, path), join(to, path));
  }
}

/**
 * Builds a commit in a git worktree under the cache folder, or finds it there.
 * @param ref any name that git has for a commit
 * @param folder within a checkout of hfbench
 * @throws UsageError with the last words of what failed
 */
export async function buildRef(
  ref: string,
  folder: string,
  say: (line: string) => void,
): Promise<{ folder: string; commit: string }> {
  const root = await repositoryOf(folder, ref);
  if (ref.startsWith('-')) throw new UsageError(`ref '${ref}': git has no commit of this name`);
  const found = await git(root, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`);
  const commit = found.output.trim();
  if (found.code !== 0 || !/^[0-9a-f]{40,64}$/.test(commit)) {
    throw new UsageError(
      `ref '${ref}': git has no commit of this name; in a shallow clone fetch it first (fetch-depth: 0)`,
    );
  }
  const place = join(cacheFolder(), 'builds', commit);
  const stamp = join(place, 'build', '.duet-stamp');
  if (existsSync(stamp)) return { folder: place, commit };
  say(`building ${ref} (${commit.slice(0, 12)}) in ${place}`);
  mkdirSync(join(place, '..'), { recursive: true });
  if (!existsSync(join(place, 'package.json'))) {
    await git(root, 'worktree', 'prune');
    const added = await git(root, 'worktree', 'add', '--force', '--detach', place, commit);
    if (added.code !== 0) throw new UsageError(`ref '${ref}': git worktree add: ${oneLine(added.output.slice(-400))}`);
  }
  lend(root, place);
  const built = await program(process.execPath, ['scripts/setup.mjs'], place);
  if (built.code !== 0)
    throw new UsageError(`ref '${ref}' does not build: ${oneLine(built.output.slice(-400))} (in ${place})`);
  mkdirSync(join(place, 'build'), { recursive: true });
  writeFileSync(stamp, commit);
  return { folder: place, commit };
}
