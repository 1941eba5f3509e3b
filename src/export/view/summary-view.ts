// What the terminal table and Markdown have in common: which fields to show, what to say once, and the notes below.

import { COLUMNS, type Column, columnNamed } from '../../record/columns.js';
import type { Report, ReportRecord } from '../../record/record.js';
import { formatBytes, formatSi } from '../../util/number-format.js';
import { oneLine } from '../../util/one-line.js';
import type { Warning } from '../../util/warning.js';
import { cellText } from './cell-text.js';
import { type Field, METRIC_FIELDS, plainField } from './fields.js';

export interface SummaryView {
  /** One line per machine and ONNX Runtime. */
  machines: string[];
  /** Identity columns that are the same everywhere, e.g. 'batch 1'. */
  constants: string[];
  fields: Field[];
  records: ReportRecord[];
  /** Why a case has no numbers: one line each. */
  notMeasured: { status: string; label: string; reason: string }[];
  warnings: string[];
}

/** What a case is, less what follows from its model. */
const IDENTITY = COLUMNS.filter(({ group, name }) => group === 'identity' && name !== 'category' && name !== 'family');
/** Not part of a case, and yet shown where cases differ in it. */
const ORIGIN = COLUMNS.filter(({ name }) => name === 'fingerprint' || name === 'ort_version');

/** @throws UsageError when `columns` names one that does not exist */
export function summaryView(report: Report, columns?: readonly string[]): SummaryView {
  const { records } = report;
  const label = (record: ReportRecord) => caseLabel(record, records);
  return {
    machines: machineLines(report),
    constants: IDENTITY.filter((column) => column.name !== 'model' && isConstant(column, records))
      .filter(({ name }) => records[0]?.row[name] != null)
      .map((column) => `${words(column)} ${cellText(column, records[0]!.row[column.name]!)}`),
    fields: columns ? columns.map((name) => plainField(columnNamed(name))) : chosenFields(report),
    records,
    notMeasured: records
      .filter(({ row }) => row.status !== 'measured')
      .map((record) => ({
        status: String(record.row.status),
        label: label(record),
        reason: oneLine(String(record.row.reason_text ?? record.row.reason ?? '')),
      })),
    warnings: [...machineWarnings(report), ...caseWarnings(records, label)],
  };
}

function chosenFields({ records }: Report): Field[] {
  const differing = [
    ...IDENTITY.filter((column) => column.name === 'model' || !isConstant(column, records)),
    ...ORIGIN.filter((column) => !isConstant(column, started(records))),
  ];
  const identity = differing.map((column) => ({
    ...plainField(column, column.name === 'model' ? 0 : 0.5),
    title: words(column),
  }));
  const status = records.every(({ row }) => row.status === 'measured') ? [] : [plainField(columnNamed('status'))];
  // A metric that no record has says nothing.
  const rows = records.map(({ row }) => row);
  const metrics = METRIC_FIELDS.filter((field) =>
    field.shown === undefined ? rows.some((row) => field.read(row).text !== '-') : field.shown(rows),
  );
  return [...identity, ...status, ...metrics];
}

/** Those whose library is known: one that never started differs from the others in nothing but that. */
function started(records: readonly ReportRecord[]): readonly ReportRecord[] {
  const known = records.filter(({ runtime }) => runtime !== null);
  return known.length > 0 ? known : records;
}

function isConstant({ name }: Column, records: readonly ReportRecord[]): boolean {
  return records.every(({ row }) => row[name] === records[0]!.row[name]);
}

function words({ name }: Column): string {
  return name.replaceAll('_', ' ');
}

/** The model and whatever else tells this case from the others. */
function caseLabel({ row }: ReportRecord, records: readonly ReportRecord[]): string {
  const others = IDENTITY.filter(({ name }) => name !== 'model' && row[name] !== null)
    .filter((column) => !isConstant(column, records))
    .map((column) => `${words(column)} ${cellText(column, row[column.name]!)}`);
  return [oneLine(String(row.model)), ...others].join(', ');
}

function machineLines({ environments, runtimes, records, hfbench }: Report): string[] {
  const lines = started(records).map(({ environment, runtime }) => {
    const { cpu, cpuLimit, memory, os, node, peaks } = environments[environment]!;
    const ort = runtime === null ? null : runtimes[runtime]!.ortVersion;
    return [
      cpu.model ?? cpu.architecture,
      `${cpu.physicalCores ?? cpu.logicalCores} cores${cpuLimit === null ? '' : ` (limited to ${cpuLimit})`}`,
      formatBytes(memory.limitBytes ?? memory.totalBytes),
      `${os.distribution ?? os.platform} (${os.release})`,
      peaks?.gemmGflops ? `peak ${formatSi(peaks.gemmGflops * 1e9, 'FLOP/s')}` : null,
      peaks?.memoryBytesPerSecond ? `memory ${formatBytes(peaks.memoryBytesPerSecond)}/s` : null,
      ort && `ONNX Runtime ${ort}`,
      `Node ${node}`,
      `hfbench ${hfbench}`,
    ]
      .filter((part) => part !== null)
      .map((part) => oneLine(part))
      .join(' · ');
  });
  return [...new Set(lines)];
}

function machineWarnings({ environments }: Report): string[] {
  return [...new Set(environments.flatMap(({ warnings }) => warnings.map(sentence)))];
}

/** Cases with the same kind of warning share a line. */
function caseWarnings(records: readonly ReportRecord[], label: (record: ReportRecord) => string): string[] {
  const byCode = new Map<string, { warning: Warning; labels: string[] }>();
  for (const record of records) {
    for (const warning of record.warnings) {
      const group = byCode.get(warning.code) ?? { warning, labels: [] };
      group.labels.push(label(record));
      byCode.set(warning.code, group);
    }
  }
  return [...byCode.values()].map(({ warning, labels }) => {
    const where = labels.length > 3 ? `${labels.length} cases, e.g. ${labels[0]}` : labels.join('; ');
    return `${where}: ${sentence(warning)}`;
  });
}

function sentence({ message, advice }: Warning): string {
  return oneLine(`${message}. ${advice}`);
}
