// The flags of `hfbench run`, one row each. The command line and hfbench.config.json both read this table, so that every
// flag is also a key (in camelCase) with the same values.

import type { Command } from 'commander';
import { formatNames } from '../export/index.js';
import { providerNames } from '../provider/index.js';
import { DTYPES } from '../run/case.js';
import { SUITES } from '../run/suite.js';
import { RUNTIMES } from '../runtime/index.js';
import { SCENARIO_NAMES } from '../scenario/index.js';
import { duration, list, oneOf, pairs, providers, type Reader, ratio, text, whole, yes } from './flag-values.js';
import { shard } from './shard.js';

interface Flag<T> {
  flag: string;
  help: string;
  read: Reader<T>;
  /** May be given several times. */
  repeat?: true;
}

/** A flag that may have a folder behind it; alone it means hfbench-profile. */
const folderOrYes: Reader<string> = (value, where) => (value === true ? 'hfbench-profile' : text(value, where));

const flag = <T>(name: string, help: string, read: Reader<T>, repeat?: true): Flag<T> => ({
  flag: name,
  help,
  read,
  ...(repeat && { repeat }),
});

export const RUN_FLAGS = {
  suite: flag('--suite <name>', `a selection of models: ${SUITES.join(', ')}`, oneOf(SUITES)),
  category: flag('--category <list>', 'only models of these categories', list(text)),
  modelFile: flag('--model-file <file>', 'any ONNX file; may be repeated', list(text), true),
  checkpoint: flag(
    '--checkpoint <folder|repository>',
    'a Hugging Face model: its folder, or org/name[@revision] from the cache or the hub; may be repeated',
    list(text),
    true,
  ),
  size: flag('--size <list>', 'tiny, full (default: full)', list(oneOf(['tiny', 'full']))),
  dtype: flag('--dtype <list>', `${DTYPES.join(', ')} (default: fp32)`, list(oneOf(DTYPES))),
  style: flag(
    '--style <list>',
    'standard ONNX operators or fused contrib operators',
    list(oneOf(['standard', 'fused'])),
  ),
  batch: flag('--batch <list>', 'batch sizes (default: 1)', list(whole(1, 65_536, '8'))),
  seq: flag('--seq <list>', 'sequence lengths (default: 128)', list(whole(1, 1_048_576, '128'))),
  prompt: flag(
    '--prompt <list>',
    'scenario generate: tokens of the prompt (default: 512; 16 where tiny)',
    list(whole(1, 1_048_576, '512')),
  ),
  generate: flag(
    '--generate <list>',
    'scenario generate: tokens made one by one (default: 128; 16 where tiny)',
    list(whole(1, 100_000, '128')),
  ),
  dim: flag(
    '--dim <name=value>',
    "other symbolic dimensions of an ONNX file; 'input[axis]' for unnamed ones",
    pairs(whole(0, 2 ** 31, 'height=224')),
    true,
  ),
  threads: flag('--threads <list>', 'intra-op threads; 0: ONNX Runtime chooses (default)', list(whole(0, 4096, '2'))),
  ep: flag(
    '--ep <list>',
    `execution providers, each with options of its own, e.g. cpu,cuda:device_id=1,use_tf32=1: ${providerNames().join(', ')} (default: cpu)`,
    providers,
  ),
  epOption: flag('--ep-option <key=value>', 'an option of every provider; may be repeated', pairs(text), true),
  epLibrary: flag('--ep-library <name=path>', 'a plugin library of a provider; may be repeated', pairs(text), true),
  strictEp: flag('--strict-ep', 'a case fails if any node runs on another provider than the one asked for', yes),
  verify: flag('--no-verify', "do not compare outputs with the CPU provider's", yes),
  profile: flag(
    '--profile [folder]',
    'after the samples, profile some runs: time per operator, and a Chrome trace in the folder',
    folderOrYes,
  ),
  runtime: flag('--runtime <list>', 'native (default), node: session.run in JavaScript', list(oneOf(RUNTIMES))),
  scenario: flag('--scenario <list>', `${SCENARIO_NAMES.join(', ')} (default: latency)`, list(oneOf(SCENARIO_NAMES))),
  image: flag('--image <file>', 'raw input for models of images, instead of a made one', text),
  audio: flag('--audio <file>', 'raw input for models of sound: a WAV file', text),
  text: flag('--text <file>', 'raw input for models of text: one text a line', text),
  tokenizer: flag('--tokenizer <file>', "tokenizer.json for texts (default: the checkpoint's, or a made one)", text),
  streams: flag(
    '--streams <n>',
    'concurrent runs of scenario throughput (default: as the cores allow)',
    whole(1, 1024, '4'),
  ),
  minTime: flag('--min-time <duration>', 'sample at least this long (default: 1s)', duration),
  maxTime: flag('--max-time <duration>', 'sample at most this long (default: 10s)', duration),
  minSamples: flag('--min-samples <n>', 'take at least this many samples (default: 20)', whole(1, 1e9, '64')),
  maxSamples: flag('--max-samples <n>', 'take at most this many (default: 1000000)', whole(1, 1e7, '10000')),
  targetCi: flag('--target-ci <percent>', "stop at this half width of the median's 95 % interval (default: 1%)", ratio),
  caseTimeout: flag('--case-timeout <duration>', 'a case that takes longer has failed (default: 10m)', duration),
  ortLib: flag('--ort-lib <file>', 'another ONNX Runtime library (also HFBENCH_ORT_LIB)', text),
  fakeScript: flag('--fake-script <file>', 'durations for --runtime fake (also HFBENCH_FAKE_SCRIPT)', text),
  format: flag(
    '--format <name>',
    `what standard output gets: ${formatNames().join(', ')} (default: table)`,
    oneOf(formatNames()),
  ),
  json: flag('--json <file>', 'also write a JSON report with every sample', text),
  csv: flag('--csv <file>', 'also write CSV', text),
  markdown: flag('--markdown <file>', 'also write a Markdown table', text),
  shard: flag('--shard <i/n>', 'only every n-th case, from the i-th on: one part of a run on n machines', shard),
  resume: flag('--resume', 'go on with the last run of this folder that was cut short', yes),
  journal: flag('--journal <file>', 'keep the journal here (default: in the state folder)', text),
  dryRun: flag('--dry-run', 'print the plan with estimated memory and time, run nothing', yes),
  quiet: flag('--quiet', 'no progress and no notes on standard error', yes),
} satisfies Record<string, Flag<unknown>>;

export type RunFlagName = keyof typeof RUN_FLAGS;
export type RunFlags = { [Name in RunFlagName]?: ReturnType<(typeof RUN_FLAGS)[Name]['read']> };

export function addRunFlags(command: Command): void {
  for (const { flag: name, help, repeat } of Object.values(RUN_FLAGS) as Flag<unknown>[]) {
    if (repeat) command.option(name, help, (value: string, before: string[] | undefined) => [...(before ?? []), value]);
    else command.option(name, help);
  }
}

/** Reads raw values by key. @param where turns a key into what the user wrote, e.g. '--max-time'. @throws UsageError */
export function readFlags(raw: Record<string, unknown>, where: (key: string) => string): RunFlags {
  const flags: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(raw)) {
    if (value !== undefined) flags[key] = (RUN_FLAGS[key as RunFlagName] as Flag<unknown>).read(value, where(key));
  }
  return flags as RunFlags;
}

/** '--max-time' for 'maxTime'. */
export function flagOf(key: string): string {
  return (RUN_FLAGS[key as RunFlagName] as Flag<unknown>).flag.split(' ')[0]!;
}
