import { hypervisorOfFirmware } from './firmware.js';
import type { Probe } from './probe.js';
import { plainFacts, type SystemFacts } from './system-facts.js';
import { parseCim, parsePowerPlan } from './windows/parse.js';

const QUERY = [
  "$ErrorActionPreference='SilentlyContinue'",
  '[Console]::OutputEncoding=[Text.Encoding]::UTF8',
  '$cpu=@(Get-CimInstance Win32_Processor|Select-Object Name,NumberOfCores,NumberOfLogicalProcessors,L2CacheSize,L3CacheSize)',
  '$os=@(Get-CimInstance Win32_OperatingSystem|Select-Object Caption,FreePhysicalMemory)',
  '$system=@(Get-CimInstance Win32_ComputerSystem|Select-Object Manufacturer,Model,HypervisorPresent)',
  '$battery=@(Get-CimInstance Win32_Battery|Select-Object BatteryStatus)',
  '@{cpu=$cpu;os=$os;system=$system;battery=$battery}|ConvertTo-Json -Depth 3 -Compress',
].join(';');

export async function windowsFacts(probe: Probe): Promise<SystemFacts> {
  const plain = plainFacts(probe);
  const [cim, powerPlan] = await Promise.all([
    probe.run('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', QUERY]),
    probe.run('powercfg.exe', ['/getactivescheme']),
  ]);
  const { cpu, os, system, battery } = parseCim(cim ?? '');
  const sum = (key: string) => cpu.reduce((total, socket) => total + (Number(socket[key]) || 0), 0) || null;
  const bytes = (kib: unknown) => (Number(kib) || 0) * 1024 || null;
  const machine = `${system[0]?.Manufacturer ?? ''} ${system[0]?.Model ?? ''}`;
  return {
    ...plain,
    cpu: {
      ...plain.cpu,
      model: cpu[0]?.Name ? String(cpu[0].Name).trim() : plain.cpu.model,
      physicalCores: sum('NumberOfCores'),
      sockets: cpu.length || null,
      // Windows adds up the second-level caches of a socket: the size of one is not known.
      l3Bytes: bytes(cpu[0]?.L3CacheSize),
    },
    memory: { ...plain.memory, availableBytes: bytes(os[0]?.FreePhysicalMemory) ?? probe.freeBytes },
    virtualization: hypervisorOfFirmware(machine) ?? (system[0]?.HypervisorPresent === false ? 'none' : null),
    // Node's load average is always 0 on Windows. BatteryStatus 1: discharging (Win32_Battery).
    state: {
      ...plain.state,
      load1: null,
      governor: parsePowerPlan(powerPlan ?? ''),
      onBattery: battery.length > 0 ? battery.some(({ BatteryStatus }) => BatteryStatus === 1) : null,
    },
    distribution: os[0]?.Caption ? String(os[0].Caption).trim() : null,
  };
}
