// From flags to the pairs of a duet: both sides planned, zipped, their libraries and workers looked at.

import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { DuetSideFacts, SideName } from '../record/duet.js';
import type { Case } from '../run/case.js';
import { checkLibrary } from '../run/check-library.js';
import type { DuetPair } from '../run/duet/duet.js';
import { buildRef, workerOf } from '../run/duet/installation.js';
import type { DuetSide } from '../run/duet/session.js';
import { plan } from '../run/plan.js';
import type { RunSettings } from '../run/settings.js';
import { defaultStreams } from '../scenario/throughput.js';
import { UsageError } from '../util/error.js';
import { loadCatalog } from './catalog.js';
import { caseLabel } from './label.js';
import { checkInputs, planRequest, resolveProviders, runSettings } from './run-request.js';
import type { SideFlags } from './side-flags.js';
import { note } from './terminal.js';

const OWN_WORKER = fileURLToPath(new URL('../run/duet/worker.js', import.meta.url));
const isFile = (name: string): boolean => /\.(onnx|ort)$/i.test(name);

interface PlannedSide {
  cases: Case[];
  settings: RunSettings;
  worker: string;
  facts: Omit<DuetSideFacts, 'case' | 'label'>;
}

/** Two files are the two sides; any other models are played by both. */
function modelsOf(models: readonly string[]): Record<SideName, readonly string[]> {
  const files = models.length === 2 && models.every(isFile);
  return files ? { a: [models[0]!], b: [models[1]!] } : { a: models, b: models };
}

async function checkpointsOf(flags: SideFlags): Promise<string[]> {
  if (flags.run.checkpoint === undefined) return [];
  const { locateCheckpoint } = await import('../checkpoint/hub.js');
  const folders: string[] = [];
  for (const name of flags.run.checkpoint) folders.push(await locateCheckpoint(name, undefined, () => {}));
  return folders;
}

async function planSide(models: readonly string[], flags: SideFlags, quiet: boolean): Promise<PlannedSide> {
  const providers = await resolveProviders(flags.run);
  const request = planRequest(models, flags.run, await checkpointsOf(flags), providers);
  const settings = runSettings(flags.run, process.env);
  checkInputs(request, flags.run);
  const cases = plan(request, loadCatalog());
  if (settings.ortLibrary !== null) await checkLibrary(settings.ortLibrary);
  const built = flags.ref === null ? null : await buildRef(flags.ref, process.cwd(), (line) => quiet || note(line));
  const hfbench = built?.folder ?? flags.hfbench;
  return {
    cases,
    settings,
    worker: hfbench === null ? OWN_WORKER : workerOf(hfbench, built === null ? 'hfbench' : `commit ${built.commit}`),
    facts: {
      hfbench,
      commit: built?.commit ?? null,
      ortLibrary: settings.ortLibrary,
      runtime: null,
      hfbenchVersion: null,
    },
  };
}

/** What both sides are; what they differ in is told once, above the table. */
function cellLabel(a: Case, b: Case): string {
  return caseLabel({
    ...a,
    model: a.model === b.model ? a.model : `${a.model} | ${b.model}`,
    dtype: a.dtype === b.dtype ? a.dtype : null,
    threads: a.threads === b.threads ? a.threads : 0,
    provider: a.provider === b.provider ? a.provider : `${a.provider} | ${b.provider}`,
    runtime: a.runtime === b.runtime ? a.runtime : 'native',
  });
}

/** @throws UsageError for whatever cannot be played */
export async function duetPairs(
  models: readonly string[],
  flags: Record<SideName, SideFlags>,
  quiet: boolean,
): Promise<DuetPair[]> {
  const named = modelsOf(models);
  const a = await planSide(named.a, flags.a, quiet);
  const b = await planSide(named.b, flags.b, quiet);
  if (a.cases.length !== b.cases.length)
    throw new UsageError(`the sides have ${a.cases.length} and ${b.cases.length} cases: give both the same lists`);
  return a.cases.map((work, index) => {
    const other = b.cases[index]!;
    const differ = work.model !== other.model;
    const label = cellLabel(work, other);
    const labelOf = (side: SideName, own: Case) =>
      (differ ? [own.model, ...flags[side].own] : flags[side].own).join(', ');
    const sideOf = (from: PlannedSide, own: Case): DuetSide => ({
      case: own,
      settings: from.settings,
      worker: from.worker,
    });
    const factsOf = (from: PlannedSide, side: SideName, own: Case): DuetSideFacts => ({
      case: own,
      label: labelOf(side, own) || 'as given',
      ...from.facts,
    });
    const streams = a.settings.streams || defaultStreams(availableParallelism(), work.threads);
    return {
      cell: { label, a: factsOf(a, 'a', work), b: factsOf(b, 'b', other), sessions: [] },
      sides: { a: sideOf(a, work), b: sideOf(b, other) },
      streams: work.scenario === 'throughput' ? streams : 1,
    };
  });
}
