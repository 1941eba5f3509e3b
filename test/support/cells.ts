// Cells of every level, fixed to the byte, some with hostile texts. Made up, for tests only.

import { type Cell, type CheckReport, type Evidence, levelOf } from '../../src/matrix/cell.js';

const GOOD: Evidence = {
  loads: true,
  runs: true,
  error: 4.2e-7,
  output: 'logits',
  limit: 1e-4,
  placement: { nodes: 78, onProvider: 78, elsewhere: [] },
  problem: null,
  ortVersion: '1.30.0',
  hfbench: '0.1.0',
  graphDigest: 'eb1bcea8d6291866',
  referenceDigest: '0123456789abcdef',
  machine: 'linux x64, Example CPU 9000',
  date: '2026-01-02T03:04:05.000Z',
};

/** @param evidence what differs from that of a cell without fault */
export function cell(choice: Partial<Cell>, evidence: Partial<Evidence> = {}): Cell {
  const whole = { ...GOOD, ...evidence };
  return {
    model: 'bert',
    family: 'bert',
    category: 'encoder-only',
    provider: 'cpu',
    providerOptions: {},
    dtype: 'fp32',
    style: 'standard',
    size: 'tiny',
    ...whole,
    level: levelOf(whole),
    ...choice,
  };
}

const failed = (code: string, message: string, evidence: Partial<Evidence> = {}): Partial<Evidence> => ({
  loads: false,
  runs: null,
  error: null,
  output: null,
  placement: null,
  problem: { code, message },
  ...evidence,
});

const elsewhere = [
  { operator: 'Gather', count: 9 },
  { operator: 'Cast', count: 4 },
];

export const CELLS: Cell[] = [
  cell({}),
  cell({ provider: 'webgpu' }, { placement: { nodes: 78, onProvider: 65, elsewhere } }),
  cell({ provider: 'webgpu', dtype: 'fp16' }, failed('dtype', 'the device has no 16-bit floats')),
  cell({ model: 'gpt2', family: 'gpt2', category: 'decoder-only' }),
  cell(
    { model: 'gpt2', family: 'gpt2', category: 'decoder-only', provider: 'webgpu' },
    { loads: true, error: 2.1e-2, problem: { code: 'wrong-output', message: "output 'logits' is off by 2.1e-2" } },
  ),
  cell(
    { model: '=cmd|"<b>"', family: 'vit', category: 'vision', provider: 'webgpu' },
    failed('crash', 'the process was ended by SIGSEGV; it said: <script>alert(1)</script> | @you'),
  ),
  cell(
    { model: 'vit', family: 'vit', category: 'vision', provider: 'cuda', providerOptions: { b: '1', a: '2' } },
    { placement: null, date: '2026-01-04T00:00:00.000Z', machine: 'linux x64, Other' },
  ),
  cell(
    { model: 'vit', family: 'vit', category: 'vision', provider: 'webgpu' },
    { placement: { nodes: 3, onProvider: 0, elsewhere } },
  ),
];

export const checkReport = (cells: Cell[] = CELLS): CheckReport => ({
  schema: 'hfbench-check',
  version: 1,
  createdAt: '2026-01-02T03:05:00.000Z',
  hfbench: '0.1.0',
  command: ['check'],
  cells,
});
