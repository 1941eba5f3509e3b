// Texts of macOS's own programs.

import { relevantIsa } from '../isa.js';

/** Output of `sysctl name ...`: 'name: value' a line. */
export function parseSysctl(text: string): Map<string, string> {
  const pairs = text.split('\n').map((line) => /^([\w.]+):\s*(.*)$/.exec(line));
  return new Map(pairs.filter((pair) => pair !== null).map((pair) => [pair[1]!, pair[2]!.trim()]));
}

/** Names of sysctl's features in Linux's words. */
const ARM_FEATURES: Record<string, string> = {
  'hw.optional.AdvSIMD': 'asimd',
  'hw.optional.arm.FEAT_FP16': 'asimdhp',
  'hw.optional.arm.FEAT_DotProd': 'asimddp',
  'hw.optional.arm.FEAT_I8MM': 'i8mm',
  'hw.optional.arm.FEAT_BF16': 'bf16',
  'hw.optional.arm.FEAT_SME': 'sme',
  'hw.optional.arm.FEAT_SME2': 'sme2',
};
const X86_FEATURES: Record<string, string> = {
  'SSE4.2': 'sse4_2',
  'AVX1.0': 'avx',
  AVX512VNNI: 'avx512_vnni',
};

export function isaOfSysctl(values: Map<string, string>): string[] {
  const arm = Object.entries(ARM_FEATURES).filter(([key]) => values.get(key) === '1');
  const x86 = `${values.get('machdep.cpu.features') ?? ''} ${values.get('machdep.cpu.leaf7_features') ?? ''}`.split(
    ' ',
  );
  return relevantIsa([...arm.map(([, name]) => name), ...x86.map((name) => X86_FEATURES[name] ?? name.toLowerCase())]);
}

/**
 * Bytes that a new process could take without swapping, from `vm_stat`: free pages, and those that hold only what can be read
 * again. Inactive pages that are not backed by files would have to be compressed.
 */
export function availableOfVmStat(text: string): number | null {
  const pageBytes = Number(/page size of (\d+) bytes/.exec(text)?.[1] ?? Number.NaN);
  const pages = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)\\.`, 'm').exec(text)?.[1] ?? Number.NaN);
  const cached = Math.min(pages('Pages inactive'), pages('File-backed pages'));
  const bytes = (pages('Pages free') + pages('Pages speculative') + pages('Pages purgeable') + cached) * pageBytes;
  return Number.isFinite(bytes) ? bytes : null;
}

/** First line of `pmset -g batt`. Desktops draw from 'AC Power' too; without the line it is unknown. */
export function onBatteryOfPmset(text: string): boolean | null {
  const source = /Now drawing from '([^']+)'/.exec(text)?.[1];
  return source === undefined ? null : source === 'Battery Power';
}
