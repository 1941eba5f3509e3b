#!/usr/bin/env node
// The command line's table of contents. Only the module of the command that was named is loaded, so that help comes at once.

import { Command, CommanderError } from 'commander';
import { EXIT, UsageError } from '../util/error.js';
import { oneLine } from '../util/one-line.js';
import { hfbenchVersion } from '../util/version.js';
import { note, tolerateClosedPipes } from './terminal.js';

interface CommandModule {
  /** Adds arguments, flags and the action. */
  configure(command: Command): void;
}

interface Entry {
  name: string;
  summary: string;
  load(): Promise<CommandModule>;
}

const COMMANDS: Entry[] = [
  { name: 'run', summary: 'measure models', load: () => import('./run.js') },
  {
    name: 'models',
    summary: 'list the models, show one, or write one as an ONNX file',
    load: () => import('./models.js'),
  },
  {
    name: 'check',
    summary: 'check the models against reference outputs of transformers, by provider and dtype',
    load: () => import('./check.js'),
  },
  {
    name: 'preprocess',
    summary: 'measure the preprocessing kernels by themselves',
    load: () => import('./preprocess.js'),
  },
  {
    name: 'devices',
    summary: 'what hardware and providers are here, and which start',
    load: () => import('./devices.js'),
  },
  { name: 'ep', summary: "install a provider's files", load: () => import('./ep.js') },
  { name: 'matrix', summary: 'show check reports as a compatibility matrix', load: () => import('./matrix.js') },
  { name: 'merge', summary: 'join reports of several shards or machines', load: () => import('./merge.js') },
  { name: 'compare', summary: 'put reports side by side', load: () => import('./compare.js') },
  { name: 'duet', summary: 'let two ways to run a model take turns on this machine', load: () => import('./duet.js') },
  { name: 'gate', summary: 'pass, fail or cannot tell: has it become slower?', load: () => import('./gate.js') },
  { name: 'export', summary: 'a report in the form that another tool reads', load: () => import('./export.js') },
  { name: 'badge', summary: 'a report as a badge', load: () => import('./badge.js') },
  { name: 'ci', summary: 'write a pipeline for GitHub, GitLab or Jenkins', load: () => import('./ci.js') },
];

/** Exit code for whatever ended the command, said in one line. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof UsageError) {
    note(error.message);
    return error.exitCode;
  }
  const problem = error instanceof Error ? error : new Error(String(error));
  if (process.env.HFBENCH_DEBUG === '1') process.stderr.write(`${problem.stack}\n`);
  note(
    `internal error: ${oneLine(problem.message)}; please report it with the command line and HFBENCH_DEBUG=1's output`,
  );
  return EXIT.internal;
}

async function program(argv: string[]): Promise<Command> {
  const root = new Command('hfbench')
    .description('How fast does this Hugging Face model run on that hardware, and did the last change make it slower?')
    .version(hfbenchVersion())
    .exitOverride()
    .configureOutput({
      // commander says its suggestion in a second line.
      outputError: (text, write) => write(`hfbench: ${oneLine(text.replace(/^error: /, ''))}\n`),
    })
    .addHelpText(
      'after',
      '\nFirst steps:\n  hfbench run bert            measure one model\n  hfbench run --suite quick   one model of each category\n',
    );
  const named = argv.find((word) => !word.startsWith('-'));
  // `help run` needs the flags of run.
  const wanted = named === 'help' ? argv[argv.indexOf('help') + 1] : named;
  for (const { name, summary, load } of COMMANDS) {
    const command = root.command(name).description(summary);
    if (name === wanted) (await load()).configure(command);
  }
  return root;
}

async function main(argv: string[]): Promise<number> {
  try {
    if (argv.length === 0) {
      (await program(argv)).outputHelp({ error: true });
      return EXIT.usage;
    }
    await (await program(argv)).parseAsync(argv, { from: 'user' });
    return Number(process.exitCode ?? EXIT.ok);
  } catch (error) {
    return report(error);
  }
}

tolerateClosedPipes();
process.exitCode = await main(process.argv.slice(2));
