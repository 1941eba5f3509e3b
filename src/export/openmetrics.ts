import { COLUMNS, type Column } from '../record/columns.js';
import type { Row } from '../record/record.js';
import type { Exporter } from './exporter.js';
import { numberIn } from './view/case-name.js';

/** Base units of OpenMetrics: seconds, bytes, ratios. */
const BASE: Record<string, { suffix: string; unit: string; per: number }> = {
  ns: { suffix: '_seconds', unit: 'seconds', per: 1e9 },
  bytes: { suffix: '_bytes', unit: 'bytes', per: 1 },
};

const LABELS = COLUMNS.filter(({ group }) => group === 'identity');
const METRICS = COLUMNS.filter(({ group }) => group === 'metric');

const escaped = (text: string): string => text.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n');

function labelsOf(row: Row): string {
  const labels = LABELS.filter(({ name }) => row[name] !== null && row[name] !== undefined).map(
    ({ name }) => `${name}="${escaped(String(row[name]))}"`,
  );
  return `{${labels.join(',')}}`;
}

function family(column: Column, rows: readonly Row[]): string[] {
  const base = BASE[column.unit ?? ''];
  const name = `hfbench_${column.name.replace(/_(ns|bytes)$/, '')}${base?.suffix ?? ''}`;
  const seen = new Set<string>();
  const samples = rows.flatMap((row) => {
    const value = numberIn(row, column.name);
    const labels = labelsOf(row);
    // Two samples of one series are an error of the format: the first stays.
    if (value === null || seen.has(labels)) return [];
    seen.add(labels);
    return [`${name}${labels} ${value / (base?.per ?? 1)}`];
  });
  if (samples.length === 0) return [];
  const unit = base ? [`# UNIT ${name} ${base.unit}`] : [];
  return [`# TYPE ${name} gauge`, ...unit, `# HELP ${name} ${escaped(column.description)}`, ...samples];
}

/** OpenMetrics 1.0 text (https://prometheus.io/docs/specs/om/open_metrics_spec/): every metric a gauge, labelled by its case. */
export const exporter: Exporter = {
  description: 'OpenMetrics text, for Prometheus and its kin',
  extension: 'prom',
  render(report) {
    const rows = report.records.map(({ row }) => row).filter(({ status }) => status === 'measured');
    return [...METRICS.flatMap((column) => family(column, rows)), '# EOF', ''].join('\n');
  },
};
