// Flags of commands that play two sides: those of `hfbench run` for both, and --a-... and --b-... for one.

import type { Command } from 'commander';
import { UsageError } from '../util/error.js';
import { flagOf, RUN_FLAGS, type RunFlagName, type RunFlags, readFlags } from './run-flags.js';

/** What both sides share; lists of them multiply into cells. */
const SHARED = [
  'suite',
  'category',
  'modelFile',
  'checkpoint',
  'size',
  'dtype',
  'style',
  'batch',
  'seq',
  'dim',
  'threads',
  'ep',
  'epOption',
  'epLibrary',
  'runtime',
  'scenario',
  'image',
  'audio',
  'text',
  'tokenizer',
  'streams',
  'caseTimeout',
  'ortLib',
  'fakeScript',
  'quiet',
] as const satisfies readonly RunFlagName[];

/** What the sides may differ in. */
const DIFFERING = [
  'ortLib',
  'dtype',
  'style',
  'threads',
  'ep',
  'epOption',
  'runtime',
] as const satisfies readonly RunFlagName[];

export interface SideFlags {
  /** The shared flags with this side's own over them. */
  run: RunFlags;
  hfbench: string | null;
  ref: string | null;
  /** The flags of this side alone, as the user wrote them: what tells it from the other. */
  own: string[];
}

const kebab = (name: RunFlagName): string => flagOf(name).slice(2);
const keyFor = (side: 'a' | 'b', name: string): string => `${side}${name[0]!.toUpperCase()}${name.slice(1)}`;

export function addSideFlags(command: Command): void {
  const add = (flag: string, help: string, repeat: boolean) => {
    if (repeat) command.option(flag, help, (value: string, before: string[] | undefined) => [...(before ?? []), value]);
    else command.option(flag, help);
  };
  for (const name of SHARED) {
    const { flag, help, ...rest } = RUN_FLAGS[name];
    add(flag, help, 'repeat' in rest);
  }
  for (const side of ['a', 'b'] as const) {
    const who = side.toUpperCase();
    for (const name of DIFFERING) {
      const { flag, help, ...rest } = RUN_FLAGS[name];
      add(flag.replace('--', `--${side}-`), `${who} alone: ${help.replace(/ \(default.*\)$/, '')}`, 'repeat' in rest);
    }
    add(`--${side}-hfbench <folder>`, `${who} alone: the hfbench whose worker runs`, false);
    add(`--${side}-ref <ref>`, `${who} alone: a git ref of hfbench, built in the cache folder`, false);
  }
}

/** @throws UsageError */
export function readSideFlags(raw: Record<string, unknown>): Record<'a' | 'b', SideFlags> {
  const shared = readFlags(Object.fromEntries(SHARED.map((name) => [name, raw[name]])), flagOf);
  const other = shared.scenario?.find((name) => !['latency', 'throughput', 'pipeline'].includes(name));
  if (other !== undefined)
    throw new UsageError(
      `--scenario ${other}: a duet plays latency, throughput or pipeline, and times loading and the first run besides`,
    );
  const sideOf = (side: 'a' | 'b'): SideFlags => {
    const flag = (name: string) => `--${side}-${kebab(name as RunFlagName)}`;
    const own = readFlags(Object.fromEntries(DIFFERING.map((name) => [name, raw[keyFor(side, name)]])), flag);
    for (const [name, value] of Object.entries(own)) {
      if (Array.isArray(value) && value.length > 1)
        throw new UsageError(`${flag(name)} ${value.join(',')}: a side has one; lists are for both sides`);
    }
    const [hfbench, ref] = [raw[`${side}Hfbench`], raw[`${side}Ref`]].map((value) => (value as string) ?? null);
    if (hfbench !== null && ref !== null)
      throw new UsageError(`--${side}-hfbench and --${side}-ref: give one or the other`);
    const words = Object.keys(own).map((name) => `${kebab(name as RunFlagName)} ${wordsOf(raw[keyFor(side, name)])}`);
    if (hfbench !== null) words.push(`hfbench ${hfbench}`);
    if (ref !== null) words.push(`ref ${ref}`);
    return { run: { ...shared, ...own }, hfbench, ref, own: words };
  };
  return { a: sideOf('a'), b: sideOf('b') };
}

const wordsOf = (value: unknown): string => [value].flat().join(',');
