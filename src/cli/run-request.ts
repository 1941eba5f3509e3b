// From flags, configuration file and environment variables to what is planned and how it is measured.

import { resolve } from 'node:path';
import { checkOptions, loadProvider, type ProviderRequest } from '../provider/index.js';
import { checkpointEntry } from '../run/checkpoint-entry.js';
import { checkModelFile } from '../run/model-file.js';
import type { PlanRequest } from '../run/plan.js';
import type { RawFiles } from '../run/raw/files.js';
import { DEFAULT_SETTINGS, type RunSettings } from '../run/settings.js';
import { UsageError } from '../util/error.js';
import { pluginLibraries } from './plugin-libraries.js';
import type { RunFlags } from './run-flags.js';

/** `hfbench run *.onnx`: a name with a file's ending is a file. */
function isFile(name: string): boolean {
  return /\.(onnx|ort)$/i.test(name);
}

function rawFiles({ image, audio, text, tokenizer }: RunFlags): RawFiles {
  return { image: image ?? null, audio: audio ?? null, text: text ?? null, tokenizer: tokenizer ?? null };
}

/** @param checkpoints folders of what --checkpoint names, in its order */
export function planRequest(
  models: readonly string[],
  flags: RunFlags,
  checkpoints: readonly string[],
  providers: readonly ProviderRequest[],
): PlanRequest {
  return {
    models: models.filter((name) => !isFile(name)),
    modelFiles: [...new Set([...models.filter(isFile), ...(flags.modelFile ?? [])])],
    checkpoints: checkpoints.map((folder, index) => ({
      ...checkpointEntry(folder),
      folder,
      name: flags.checkpoint![index]!,
    })),
    suite: flags.suite ?? null,
    categories: flags.category ?? null,
    sizes: flags.size ?? null,
    dtypes: flags.dtype ?? null,
    styles: flags.style ?? null,
    batches: flags.batch ?? null,
    seqs: flags.seq ?? null,
    prompts: flags.prompt ?? null,
    generates: flags.generate ?? null,
    threads: flags.threads ?? null,
    providers,
    runtimes: flags.runtime ?? null,
    scenarios: flags.scenario ?? null,
    raw: rawFiles(flags),
  };
}

/** @throws UsageError for settings that contradict each other */
export function runSettings(flags: RunFlags, env: NodeJS.ProcessEnv): RunSettings {
  const { sampling, warmUp, streams, caseTimeoutMs } = DEFAULT_SETTINGS;
  const maxTimeNs = flags.maxTime ?? Math.max(sampling.maxTimeNs, flags.minTime ?? 0);
  const minTimeNs = flags.minTime ?? Math.min(sampling.minTimeNs, maxTimeNs);
  const maxSamples = flags.maxSamples ?? Math.max(sampling.maxSamples, flags.minSamples ?? 0);
  const minSamples = flags.minSamples ?? Math.min(sampling.minSamples, maxSamples);
  if (minTimeNs > maxTimeNs) throw new UsageError('--min-time is above --max-time: lower one or raise the other');
  if (minSamples > maxSamples)
    throw new UsageError('--min-samples is above --max-samples: lower one or raise the other');
  if (maxTimeNs === 0) throw new UsageError('--max-time 0: nothing can be measured in no time');
  if (flags.caseTimeout === 0) throw new UsageError('--case-timeout 0: every case would fail');
  const runtimes = flags.runtime ?? ['native'];
  const fakeScript = flags.fakeScript ?? env.HFBENCH_FAKE_SCRIPT ?? null;
  if (runtimes.includes('fake') && fakeScript === null)
    throw new UsageError('--runtime fake: needs --fake-script FILE');
  if (flags.fakeScript !== undefined && !runtimes.includes('fake')) {
    throw new UsageError('--fake-script: only --runtime fake plays scripts; add it or leave the script out');
  }
  if (flags.ortLib !== undefined && !runtimes.includes('native')) {
    throw new UsageError(`--ort-lib: --runtime ${runtimes.join(',')} does not load it; use --runtime native`);
  }
  if (flags.profile !== undefined && runtimes.includes('fake')) {
    throw new UsageError('--profile: a script has no operators; use --runtime native or node');
  }
  if (flags.epLibrary !== undefined && runtimes.some((runtime) => runtime !== 'native')) {
    throw new UsageError(`--ep-library: --runtime ${runtimes.join(',')} does not load it; use --runtime native`);
  }
  if (flags.streams !== undefined && !flags.scenario?.includes('throughput')) {
    throw new UsageError('--streams: only --scenario throughput has streams; add it or leave --streams out');
  }
  const generating = flags.scenario?.includes('generate') ?? false;
  for (const name of ['prompt', 'generate'] as const) {
    if (flags[name] !== undefined && !generating)
      throw new UsageError(`--${name}: only --scenario generate has it; add it or leave --${name} out`);
  }
  if (flags.seq !== undefined && generating && flags.scenario!.length === 1)
    throw new UsageError('--seq: scenario generate takes --prompt and --generate instead; leave --seq out');
  return {
    warmUp: { ...warmUp, maxTimeNs: Math.min(warmUp.maxTimeNs, maxTimeNs) },
    sampling: {
      ...sampling,
      minTimeNs,
      maxTimeNs,
      minSamples,
      maxSamples,
      targetHalfWidth: flags.targetCi ?? sampling.targetHalfWidth,
    },
    streams: flags.streams ?? streams,
    caseTimeoutMs: flags.caseTimeout === undefined ? caseTimeoutMs : flags.caseTimeout / 1e6,
    ortLibrary: runtimes.includes('native') ? (flags.ortLib ?? env.HFBENCH_ORT_LIB ?? null) : null,
    fakeScript: runtimes.includes('fake') ? fakeScript : null,
    dims: flags.dim ?? {},
    raw: rawFiles(flags),
    providerLibraries: pluginLibraries(flags.epLibrary),
    strictProvider: flags.strictEp ?? false,
    verify: flags.verify ?? true,
    profileFolder: flags.profile === undefined ? null : resolve(flags.profile),
  };
}

/**
 * What --ep, --ep-option and the providers' own presets make together; the more particular wins.
 * @throws UsageError for providers and options that do not exist
 */
export async function resolveProviders(flags: RunFlags): Promise<ProviderRequest[]> {
  const plugins = Object.keys(flags.epLibrary ?? {}).map((name) => name.toLowerCase());
  const named = flags.ep ?? [{ name: 'cpu', options: {} }];
  return Promise.all(
    named.map(async ({ name, options }) => {
      const page = await loadProvider(name, plugins);
      const given = { ...flags.epOption, ...options };
      checkOptions(name, page, given);
      return { name, options: { ...page.preset, ...given } };
    }),
  );
}

/** @throws UsageError for files that cannot be used at all */
export function checkInputs(request: PlanRequest, flags: RunFlags): void {
  for (const path of request.modelFiles) checkModelFile(path);
  if (flags.dim !== undefined && request.modelFiles.length === 0) {
    throw new UsageError('--dim: only files given with --model-file have free dimensions; use --batch and --seq');
  }
}
