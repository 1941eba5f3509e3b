// Which provider ran which nodes, from a profile of one run and from ONNX Runtime's notes on its partition of the graph.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type NodeTime, readProfile } from '../runtime/profile.js';
import type { Assignment, Session } from '../runtime/session.js';
import type { Placement, ProviderShare } from './evidence.js';

/** ONNX Runtime notes who gets which node; without this entry `assignments` fails. */
export const NOTE_ASSIGNMENTS = { 'session.record_ep_graph_assignment_info': '1' };

export const ON_CPU_ALONE: Placement = {
  source: 'sole',
  nodeShare: 1,
  timeShare: 1,
  providers: [],
  fallback: [],
};

/** Copies between devices, which ONNX Runtime adds by itself: their time counts, but they are no nodes of the model. */
const isCopy = (op: string) => op === 'MemcpyFromHost' || op === 'MemcpyToHost';

interface Placed {
  provider: string;
  op: string;
}

function fallbackOf(nodes: readonly Placed[], wanted: string): Placement['fallback'] {
  const counts = new Map<string, number>();
  for (const { provider, op } of nodes) if (provider !== wanted) counts.set(op, (counts.get(op) ?? 0) + 1);
  return [...counts]
    .map(([op, count]) => ({ op, nodes: count }))
    .sort((a, b) => b.nodes - a.nodes || (a.op < b.op ? -1 : 1));
}

/**
 * @param wanted the provider asked for, by ONNX Runtime's name
 * @param run nodes of one run; null where there is no profile
 * @param assignments null where the library cannot tell
 * @returns null where neither says anything
 */
export function placementOf(
  wanted: string,
  run: readonly NodeTime[] | null,
  assignments: readonly Assignment[] | null,
): Placement | null {
  const ran: Placed[] = (run ?? []).filter(({ op }) => !isCopy(op));
  const given = (assignments ?? []).flatMap(({ provider, nodes }) => nodes.map(({ op }) => ({ provider, op })));
  // The notes are of the last partition only: a provider that changes the layout of the graph (WebGPU) has two, and then a
  // handful of nodes is left in them. One that fuses has more nodes in the notes than ran.
  const assigned = given.length >= ran.length;
  const nodes = assigned ? given : ran;
  if (nodes.length === 0) return null;
  const times = new Map<string, number>();
  for (const { provider, durationNs } of run ?? []) times.set(provider, (times.get(provider) ?? 0) + durationNs);
  const total = [...times.values()].reduce((sum, ns) => sum + ns, 0);
  const names = new Set([...nodes.map(({ provider }) => provider), ...times.keys()]);
  const providers = [...names].map(
    (provider): ProviderShare => ({
      provider,
      nodes: nodes.filter((node) => node.provider === provider).length,
      timeNs: run === null ? null : (times.get(provider) ?? 0),
    }),
  );
  return {
    source: assigned ? 'assignment' : 'profile',
    nodeShare: nodes.filter(({ provider }) => provider === wanted).length / nodes.length,
    timeShare: total > 0 ? (times.get(wanted) ?? 0) / total : null,
    providers: providers.sort((a, b) => b.nodes - a.nodes),
    fallback: fallbackOf(nodes, wanted),
  };
}

/** Hands `take` a prefix for profiles and returns what it left there, in the order of the names. */
export async function profileTexts(take: (prefix: string) => Promise<void>): Promise<{ path: string; text: string }[]> {
  const folder = mkdtempSync(join(tmpdir(), 'hfbench-profile-'));
  try {
    await take(join(folder, 'run'));
    const files = readdirSync(folder).sort();
    return files.map((name) => join(folder, name)).map((path) => ({ path, text: readFileSync(path, 'utf8') }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The same, read. */
export async function profiled(take: (prefix: string) => Promise<void>): Promise<NodeTime[][]> {
  return (await profileTexts(take)).flatMap(({ path, text }) => readProfile(text, path));
}

/** Null where the library cannot: they came with ONNX Runtime 1.24. */
export async function assignmentsOf(session: Session): Promise<Assignment[] | null> {
  return (await session.assignments?.().catch(() => null)) ?? null;
}

/** The nodes of one run of an open session; null where only a session that profiles from its start can tell (before 1.25). */
export async function profileOneRun(session: Session): Promise<NodeTime[] | null> {
  if (session.profileRun === undefined) return null;
  const runs = await profiled((prefix) => session.profileRun!(prefix)).catch(() => []);
  return runs.at(-1) ?? null;
}
