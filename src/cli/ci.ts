// hfbench ci init: a working pipeline, written into the repository at hand.

import { chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Command } from 'commander';
import { CI_SYSTEMS, type CiSystem, type PipelineFile, pipelineFiles } from '../ci/index.js';
import { writeFileAtomic, writeProblem } from '../util/atomic-file.js';
import { UsageError } from '../util/error.js';
import { oneLine } from '../util/one-line.js';
import { oneOf, whole } from './flag-values.js';
import { print } from './terminal.js';

const DEFAULT_MODELS = ['bert', 'vit'];

interface Flags {
  hfbench?: string;
  shards?: string;
  force?: boolean;
  stdout?: boolean;
}

export function configure(command: Command): void {
  command
    .command('init')
    .description('write a pipeline that gates changes and measures reports')
    .argument('<system>', CI_SYSTEMS.join(', '))
    .argument(
      '[models...]',
      `what is gated: zoo models, or ONNX files of the repository (default: ${DEFAULT_MODELS.join(' ')})`,
    )
    .option('--hfbench <url>', 'git URL that the pipeline gets hfbench from; not needed in hfbench itself')
    .option('--shards <n>', 'jobs that share the measuring of a report (default: 2)')
    .option('--force', 'replace files that are there')
    .option('--stdout', 'print the files instead of writing them')
    .action(async (system: string, models: string[], flags: Flags) => {
      await init(oneOf(CI_SYSTEMS)(system, 'ci init'), models, flags);
    });
}

/** Names go into a shell script and a workflow unquoted by hand: nothing but plain words. */
function checkModels(models: readonly string[]): void {
  const odd = models.find((model) => !/^[\w.][\w./+@*?-]*$/.test(model) || model.split('/').includes('..'));
  if (odd !== undefined)
    throw new UsageError(
      `model '${oneLine(odd, 60)}': a pipeline takes names and relative paths of letters, digits and . _ - / + @ * ? alone`,
    );
}

function isHfbench(): boolean {
  try {
    return JSON.parse(readFileSync('package.json', 'utf8')).name === 'hfbench';
  } catch {
    return false;
  }
}

async function init(system: CiSystem, given: readonly string[], flags: Flags): Promise<void> {
  checkModels(given);
  const own = isHfbench();
  if (!own && flags.hfbench === undefined)
    throw new UsageError(
      'ci init: this is no checkout of hfbench: say where the pipeline gets it from with --hfbench GIT_URL',
    );
  if (flags.hfbench !== undefined && !/^[\w.+:/@~-]+$/.test(flags.hfbench))
    throw new UsageError(`--hfbench ${oneLine(flags.hfbench, 80)}: is no git URL`);
  const hfbench = flags.hfbench ?? null;
  const files = hfbench !== null && given.every((model) => /\.(onnx|ort)$/i.test(model));
  if (hfbench !== null && (given.length === 0 || !files))
    throw new UsageError('ci init: name the ONNX files of this repository that are gated, e.g. models/detector.onnx');
  const models = given.length > 0 ? given : DEFAULT_MODELS;
  const shards = flags.shards === undefined ? 2 : whole(1, 64, '4')(flags.shards, '--shards');
  const written = pipelineFiles(system, { models, hfbench, shards });
  if (flags.stdout) return print(written.map(({ path, text }) => `# ${path}\n${text}`).join('\n'));
  const there = written.find(({ path }) => existsSync(path));
  if (there && !flags.force)
    throw new UsageError(`${there.path} is there already: --force replaces it, --stdout prints`);
  for (const file of written) write(file);
  const paths = written.map(({ path }) => path).join(' and ');
  await print(`wrote ${paths}: look at them, commit them, and try ${written.at(-1)!.path} gate HEAD~1\n`);
}

function write({ path, text, executable }: PipelineFile): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileAtomic(path, text);
    if (executable) chmodSync(path, 0o755);
  } catch (error) {
    throw new UsageError(writeProblem(path, error));
  }
}
