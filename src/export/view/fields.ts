// The fields of a summary for people: what matters of a record, under a short title.

import { MIN_SAMPLES_FOR } from '../../measure/summary.js';
import { type Column, columnNamed } from '../../record/columns.js';
import type { Row } from '../../record/record.js';
import { formatPercent, type Quantity } from '../../util/number-format.js';
import { quantity } from './cell-text.js';

export interface Field {
  title: string;
  /** Where the width does not suffice, the field with the highest number goes first. 0 always stays. */
  rank: number;
  align: 'left' | 'right';
  read(row: Row): Quantity;
  /** Whether the field says anything of these rows; absent: where some row has a value. */
  shown?(rows: readonly Row[]): boolean;
}

/** The field of one column under its own name. */
export function plainField(column: Column, rank = 0): Field {
  return {
    title: column.name,
    rank,
    align: column.sqlType === 'VARCHAR' ? 'left' : 'right',
    read: (row) => quantity(column, row[column.name] ?? null),
  };
}

/** Fields of measured numbers, in the order in which they are shown. */
export const METRIC_FIELDS: readonly Field[] = [
  metric('first token', 'first_token_ns', 0.7),
  onlyOf((generates) => !generates, metric('median', 'latency_median_ns', 0)),
  onlyOf((generates) => generates, metric('per token', 'latency_median_ns', 0)),
  { title: '± 95 %', rank: 2, align: 'right', read: halfWidth },
  part('preprocess', 'preprocess', 1.1),
  part('inference', 'inference', 1.2),
  part('output copy', 'output_copy', 1.3),
  metric('decode', 'decode_ns', 3.5),
  metric('min', 'latency_min_ns', 9),
  percentile('p90', 8),
  percentile('p95', 10),
  percentile('p99', 4),
  metric('host to host', 'host_latency_median_ns', 0.7),
  metric('on device', 'device_time_median_ns', 0.8),
  share('on provider', 'node_share', 0.6),
  share('its time', 'time_share', 3.5),
  metric('samples', 'samples', 7),
  metric('generations', 'generations', 7.5),
  metric('prefill', 'prefill_tokens_per_s', 1.5),
  metric('decode', 'decode_tokens_per_s', 1),
  metric('cache', 'cache_bytes', 2.5),
  metric('throughput', 'throughput_items_per_s', 1),
  metric('input rate', 'input_bytes_per_s', 1.5),
  metric('copy / kernel', 'copy_share', 1.6),
  metric('load', 'load_time_ns', 5),
  metric('first run', 'first_run_ns', 6),
  metric('peak RSS', 'peak_rss_bytes', 3),
  metric('FLOP rate', 'gflops', 11),
  metric('of peak', 'gemm_share', 12),
];

function metric(title: string, name: string, rank: number): Field {
  return { ...plainField(columnNamed(name), rank), title };
}

/** A part of a pipeline: its median, and its share of the time of all samples. */
function part(title: string, name: string, rank: number): Field {
  const field = metric(title, `${name}_ns`, rank);
  return {
    ...field,
    read(row) {
      const { text, unit } = field.read(row);
      const share = row[`${name}_share`];
      return typeof share === 'number' ? { text, unit: `${unit} ${formatPercent(share, 2)}` } : { text, unit };
    },
  };
}

/** A share of the provider asked for: worth a column only where some case has less than all. */
function share(title: string, name: string, rank: number): Field {
  const partial = (row: Row) => typeof row[name] === 'number' && row[name] < 1;
  return { ...metric(title, name, rank), shown: (rows) => rows.some(partial) };
}

/** A field of the cases that generate, or of the others: their samples are not of one kind. */
function onlyOf(counts: (generates: boolean) => boolean, field: Field): Field {
  const none = { text: '-', unit: '' };
  return { ...field, read: (row) => (counts(row.scenario === 'generate') ? field.read(row) : none) };
}

/** A percentile that too few samples support says so; a dash would look like a fault. */
function percentile(key: keyof typeof MIN_SAMPLES_FOR, rank: number): Field {
  const field = metric(key, `latency_${key}_ns`, rank);
  return {
    ...field,
    read: (row) =>
      typeof row.samples === 'number' && row.samples < MIN_SAMPLES_FOR[key]
        ? { text: 'n too small', unit: '' }
        : field.read(row),
  };
}

/** Half the confidence interval of the median, relative to it, to a tenth of a percent. */
function halfWidth({
  latency_median_ns: median,
  latency_median_low_ns: low,
  latency_median_high_ns: high,
  samples,
}: Row) {
  if (typeof median === 'number' && typeof low === 'number' && typeof high === 'number') {
    const percent = ((high - low) / 2 / median) * 100;
    return { text: percent < 0.1 ? '<0.1' : percent.toFixed(1), unit: '%' };
  }
  return { text: typeof samples === 'number' ? 'n too small' : '-', unit: '' };
}
