// Reads the profiles that ONNX Runtime writes: a JSON array of Chrome trace events, times in microseconds.

import { UsageError } from '../util/error.js';
import { oneLine } from '../util/one-line.js';

/** A node in one run. */
export interface NodeTime {
  name: string;
  op: string;
  /** ONNX Runtime's name, e.g. 'CPUExecutionProvider'. */
  provider: string;
  durationNs: number;
}

interface Event {
  cat: string;
  name: string;
  ts: number;
  dur: number;
  args: Record<string, unknown>;
}

const KERNEL = '_kernel_time';

function readEvents(text: string, path: string): Event[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${path}: no profile of ONNX Runtime: ${oneLine((error as Error).message)}`);
  }
  if (!Array.isArray(parsed)) throw new UsageError(`${path}: no profile of ONNX Runtime: expected a list of events`);
  return parsed.flatMap((one): Event[] => {
    const { cat, name, ts, dur, args } = (one ?? {}) as Record<string, unknown>;
    if (typeof cat !== 'string' || typeof name !== 'string' || typeof ts !== 'number' || typeof dur !== 'number')
      return [];
    return [{ cat, name, ts, dur, args: (args ?? {}) as Record<string, unknown> }];
  });
}

/**
 * The nodes of every run of a profile, in the order of the runs.
 *
 * Durations are those of the calling thread. A provider that queues its work (WebGPU, CUDA) returns before it is done; WebGPU adds
 * events of category 'Api' with the time on the device, named 'node&operator&program', which then count instead.
 * @throws UsageError for text that is no profile
 */
export function readProfile(text: string, path: string): NodeTime[][] {
  const events = readEvents(text, path);
  const runs = events
    .filter(({ cat, name }) => cat === 'Session' && name === 'model_run')
    .sort((a, b) => a.ts - b.ts)
    .map(({ ts, dur }) => ({ from: ts, to: ts + dur, nodes: [] as NodeTime[] }));
  const runAt = (ts: number) => runs.find(({ from, to }) => ts >= from && ts <= to);
  const onDevice = new Map<string, number>();
  for (const { cat, name, dur } of events) {
    const [node, op, program] = name.split('&');
    if (cat === 'Api' && program !== undefined)
      onDevice.set(`${node}&${op}`, (onDevice.get(`${node}&${op}`) ?? 0) + dur);
  }
  for (const { cat, name, ts, dur, args } of events) {
    if (cat !== 'Node' || !name.endsWith(KERNEL)) continue;
    const node = name.slice(0, -KERNEL.length);
    const op = String(args.op_name ?? '?');
    const device = onDevice.get(`${node === '' ? op : node}&${op}`);
    const us = device === undefined ? dur : device / runs.length;
    runAt(ts)?.nodes.push({ name: node, op, provider: String(args.provider ?? ''), durationNs: us * 1000 });
  }
  return runs.map(({ nodes }) => nodes);
}
