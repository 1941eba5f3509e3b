import { relevantIsa } from '../isa.js';

export interface CpuInfo {
  model: string | null;
  isa: string[];
  physicalCores: number | null;
  sockets: number | null;
  /** Whether the CPU says that it is virtual; null on architectures where it does not say. */
  hypervisor: boolean | null;
}

/** Main ID register values (implementer, part) of common 64-bit cores: Arm Architecture Reference Manual and Linux's cputype.h. */
const ARM_CORES: Record<string, string> = {
  '0x41 0xd03': 'Arm Cortex-A53',
  '0x41 0xd08': 'Arm Cortex-A72',
  '0x41 0xd0b': 'Arm Cortex-A76',
  '0x41 0xd0c': 'Arm Neoverse-N1',
  '0x41 0xd40': 'Arm Neoverse-V1',
  '0x41 0xd49': 'Arm Neoverse-N2',
  '0x41 0xd4f': 'Arm Neoverse-V2',
  '0xc0 0xac3': 'Ampere-1',
};

/** Reads /proc/cpuinfo of x86 and ARM. */
export function parseCpuInfo(text: string): CpuInfo {
  const processors = text
    .split(/\n\s*\n/)
    .map(keyValues)
    .filter((processor) => processor.has('processor'));
  const first = processors[0] ?? new Map<string, string>();
  const x86 = first.get('flags');
  const flags = (x86 ?? first.get('Features') ?? '').split(' ');
  const cores = processors.map((p) => `${p.get('physical id')} ${p.get('core id')}`);
  const known = processors.length > 0 && first.has('physical id') && first.has('core id');
  return {
    model: first.get('model name') ?? armModel(first),
    isa: relevantIsa(flags),
    physicalCores: known ? new Set(cores).size : null,
    sockets: known ? new Set(processors.map((p) => p.get('physical id'))).size : null,
    hypervisor: x86 === undefined ? null : flags.includes('hypervisor'),
  };
}

function armModel(processor: Map<string, string>): string | null {
  const id = [processor.get('CPU implementer'), processor.get('CPU part')];
  if (id[0] === undefined || id[1] === undefined) return null;
  return ARM_CORES[id.join(' ')] ?? `CPU implementer ${id[0]}, part ${id[1]}`;
}

function keyValues(block: string): Map<string, string> {
  const pairs = block.split('\n').map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
  });
  return new Map(pairs);
}
