// Runs the command line as a user does: a process, its arguments, its bytes.

import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './golden.js';

export const MAIN = join(ROOT, 'dist/src/cli/main.js');
export const FAKE = join(ROOT, 'test/fixtures/fake');

export interface Finished {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** A folder of its own, with `add.onnx` under every name given, removed when the process ends. */
export function folderWith(...names: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'hfbench-test-'));
  mkdirSync(join(folder, 'state'));
  copyFileSync(join(FAKE, 'script.json'), join(folder, 'script.json'));
  for (const name of names) copyFileSync(join(FAKE, 'add.onnx'), join(folder, name));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface Started {
  child: ChildProcess;
  finished: Promise<Finished>;
}

/**
 * @param env beyond a few variables that are fixed: no colours, no journals outside the folder
 * @param main the program, where it is not this checkout's
 */
export function start(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}, main = MAIN): Started {
  const child = spawn(process.execPath, [main, ...args], {
    cwd,
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, HFBENCH_STATE_DIR: join(cwd, 'state'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout!.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr!.on('data', (chunk) => {
    stderr += chunk;
  });
  const finished = new Promise<Finished>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { child, finished };
}

export function hfbench(
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = {},
  main = MAIN,
): Promise<Finished> {
  return start(args, cwd, env, main).finished;
}

export const SCRIPTED = ['--runtime', 'fake', '--fake-script', 'script.json'];

/** Waits until `condition` is true. @throws after two minutes: a machine may be slow, but not that slow */
export async function until(condition: () => boolean, what: string): Promise<void> {
  for (let waited = 0; waited < 120_000; waited += 20) {
    if (condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`waited two minutes for ${what}`);
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
