// hfbench devices: the hardware, the providers of the library, which of them start, and what mends the others.

import { type Command, Option } from 'commander';
import { type Accelerator, accelerators } from '../hardware/accelerators.js';
import { systemProbe } from '../hardware/probe.js';
import { loadProvider, providerNames } from '../provider/index.js';
import { type LibraryFacts, libraryFacts, type Trial, tryProvider } from '../run/provider-trial.js';
import { EXIT, UsageError } from '../util/error.js';
import { oneLine } from '../util/one-line.js';
import { duration } from './flag-values.js';
import { libraryPaths, pluginLibraries } from './plugin-libraries.js';
import { print } from './terminal.js';

interface Flags {
  ortLib?: string;
  epLibrary?: string[];
  timeout: string;
  format: string;
}

interface Row {
  provider: string;
  ortName: string;
  trial: Trial;
}

export function configure(command: Command): void {
  command
    .option('--ort-lib <file>', 'another ONNX Runtime library (also HFBENCH_ORT_LIB)')
    .option(
      '--ep-library <name=path>',
      'a plugin library of a provider; may be repeated',
      (one: string, all: string[] = []) => [...all, one],
    )
    .option('--timeout <duration>', 'a provider that takes longer to start has failed', '60s')
    .addOption(new Option('--format <format>', 'form of the output').choices(['table', 'json']).default('table'))
    .action(async (flags: Flags) => {
      process.exitCode = await devices(flags);
    });
}

async function devices(flags: Flags): Promise<number> {
  const timeoutMs = duration(flags.timeout, '--timeout') / 1e6;
  const providerLibraries = pluginLibraries(libraryPaths(flags.epLibrary));
  const choice = { ortLibrary: flags.ortLib ?? null, providerLibraries, providerOptions: {} };
  const library = await libraryFacts(choice, timeoutMs);
  if (typeof library === 'string') throw new UsageError(library);
  const plugins = providerLibraries.map(({ name }) => name);
  const rows: Row[] = [];
  // One after the other: two providers that start at once may fight over one device.
  for (const provider of [...new Set([...providerNames(), ...plugins])]) {
    const page = await loadProvider(provider, plugins);
    const { platform, arch } = process;
    const availability = page.availability({ platform, arch, libraryProviders: library.providers });
    const trial: Trial =
      availability.state === 'unavailable'
        ? { ...availability, state: 'absent' }
        : await tryProvider({ ...choice, provider, providerOptions: page.preset }, timeoutMs);
    rows.push({ provider, ortName: page.ortName, trial });
  }
  const gpus = accelerators();
  await print(flags.format === 'json' ? json(library, gpus, rows) : table(library, gpus, rows));
  return rows.some(({ trial }) => trial.state === 'starts') ? EXIT.ok : EXIT.caseFailed;
}

function json(library: LibraryFacts, gpus: readonly Accelerator[], rows: readonly Row[]): string {
  const providers = rows.map(({ provider, ortName, trial }) => ({ provider, ortName, ...trial }));
  return `${JSON.stringify({ schema: 'hfbench-devices', version: 1, accelerators: gpus, library, providers }, null, 2)}\n`;
}

const WORDS: Record<Trial['state'], string> = { starts: 'starts', fails: 'does not start', absent: 'not here' };
const ORDER: Trial['state'][] = ['starts', 'fails', 'absent'];

function remark(trial: Trial): string[] {
  if (trial.state !== 'starts') return [oneLine(trial.reason), `-> ${oneLine(trial.advice)}`];
  const took = trial.tookNode === false ? ', but left the test node to the CPU' : '';
  const memory = trial.deviceMemory === null ? '' : `, memory ${trial.deviceMemory}`;
  return [`in ${trial.startMs} ms${memory}${took}`];
}

function table(library: LibraryFacts, gpus: readonly Accelerator[], rows: readonly Row[]): string {
  const { cpuModel, logicalCores } = systemProbe();
  const hardware = [
    `cpu  ${cpuModel ?? 'unknown'}, ${logicalCores} logical cores`,
    ...gpus.map(({ vendor, name, driver }) => `gpu  ${vendor} ${name}${driver === null ? '' : `, driver ${driver}`}`),
    ...(gpus.length === 0 ? ['gpu  none that the system shows'] : []),
  ];
  const offered = library.devices.map(({ provider, hardwareType, hardwareVendor }) =>
    oneLine(`     ${provider} offers ${hardwareType} ${hardwareVendor}`),
  );
  const width = Math.max(...rows.map(({ provider }) => provider.length));
  const sorted = [...rows].sort((a, b) => ORDER.indexOf(a.trial.state) - ORDER.indexOf(b.trial.state));
  const lines = sorted.flatMap(({ provider, trial }) => {
    const [first, ...more] = remark(trial);
    const indent = ' '.repeat(width + 18);
    return [
      `${provider.padEnd(width)}  ${WORDS[trial.state].padEnd(14)}  ${first}`,
      ...more.map((line) => indent + line),
    ];
  });
  const head = `ONNX Runtime ${library.version}${library.path === null ? '' : ` (${library.path})`}`;
  return [...hardware, '', head, ...offered, '', ...lines, ''].join('\n');
}
