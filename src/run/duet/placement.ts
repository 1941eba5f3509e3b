// Which cores a pair plays on. Left alone, each process settles on a core of its own, and cores differ: other guests of the host,
// interrupts and clocks disturb one and not the other, by far more than a slowdown that matters. So both get the same ones.

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** CPUs that this process may run on, from /proc; null where the system does not tell. */
export function allowedCpus(status: () => string = () => readFileSync('/proc/self/status', 'utf8')): number[] | null {
  let text: string;
  try {
    text = status();
  } catch {
    return null;
  }
  const list = /^Cpus_allowed_list:\s*([\d,-]+)$/m.exec(text)?.[1];
  if (list === undefined) return null;
  return list.split(',').flatMap((part) => {
    const [first, last = first] = part.split('-').map(Number);
    return Array.from({ length: last! - first! + 1 }, (_, i) => first! + i);
  });
}

/**
 * As many CPUs as the sides have threads, chosen at random: another session gets others. Null: the sides use all there are.
 * @param threads of the side that has more; 0: as many as ONNX Runtime likes
 */
export function chooseCpus(threads: number, allowed: readonly number[] | null, random: () => number): number[] | null {
  if (allowed === null || threads === 0 || threads >= allowed.length) return null;
  const rest = [...allowed];
  const chosen = Array.from({ length: threads }, () => rest.splice(Math.floor(random() * rest.length), 1)[0]!);
  return chosen.sort((x, y) => x - y);
}

/** Binds a process and all its threads, with taskset of util-linux. @returns whether it could */
export function bindTo(pid: number, cpus: readonly number[]): Promise<boolean> {
  return new Promise((resolve) => {
    execFile('taskset', ['-a', '-c', '-p', cpus.join(','), String(pid)], (error) => resolve(error === null));
  });
}
