// hfbench ep install: fetches a provider's files by onnxruntime-node's own mechanism.

import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { loadProvider } from '../provider/index.js';
import { installStep, type Requirements } from '../provider/install.js';
import { EXIT, UsageError } from '../util/error.js';
import { note } from './terminal.js';

export function configure(command: Command): void {
  command
    .command('install')
    .description("fetch a provider's files for the installed onnxruntime-node")
    .argument('<provider>', 'cuda; others say what to do')
    .option('--dry-run', 'say what would be done')
    .action(async (name: string, flags: { dryRun?: boolean }) => {
      process.exitCode = await install(name, flags.dryRun ?? false);
    });
}

/** @throws UsageError when onnxruntime-node is missing, or is a version without these tables */
function packageFacts(): { folder: string; requirements: Requirements } {
  const require = createRequire(import.meta.url);
  try {
    const folder = dirname(require.resolve('onnxruntime-node/package.json'));
    return { folder, requirements: require(join(folder, 'script/install-metadata.js')).requirements };
  } catch {
    throw new UsageError("onnxruntime-node: not installed, or without its install script; run 'npm install'");
  }
}

async function install(name: string, dryRun: boolean): Promise<number> {
  await loadProvider(name);
  const { folder, requirements } = packageFacts();
  const { script, env, words } = installStep(name, process, requirements);
  note(words);
  if (script === null) return EXIT.ok;
  const path = join(folder, script);
  const settings = Object.entries(env).map(([key, value]) => `${key}=${value}`);
  if (dryRun) {
    note(`would run: ${settings.join(' ')} node ${path}`);
    return EXIT.ok;
  }
  const code = await new Promise<number | null>((resolve) => {
    const child = spawn(process.execPath, [path], {
      cwd: folder,
      env: { ...process.env, ...env },
      stdio: ['ignore', 2, 2],
    });
    child.on('error', () => resolve(null));
    child.on('close', resolve);
  });
  if (code !== 0) {
    throw new UsageError(
      `ep install ${name}: the script of onnxruntime-node failed (above); check the network and its proxy settings`,
    );
  }
  note("done; 'hfbench devices' says whether it starts");
  return EXIT.ok;
}
