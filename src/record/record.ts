// A record is one finished case as a flat row. Everything after a run (export, store, compare, gate, dashboard) reads records only.

import type { Environment } from '../hardware/environment.js';
import type { RuntimeInfo } from '../runtime/session.js';
import type { Warning } from '../util/warning.js';

export type Cell = string | number | boolean | null;

/** Column name -> value; null is unknown or not applicable, never 0. Has exactly the columns of columns.ts, in their order. */
export type Row = { [column: string]: Cell };

export interface CaseRecord {
  row: Row;
  /** Every raw sample in order of measurement; empty where nothing was measured. */
  samplesNs: number[];
  /** Scenario generate alone: the time to the first token of every generation, nanoseconds; `samplesNs` are of the others. */
  firstTokenNs?: number[];
  /** Indices into `samplesNs` of the samples marked as outliers: they count in every number all the same. */
  outliers: number[];
  /** Samples taken while the GPU held back its clock: [first, behind the last] in `samplesNs`; absent where there are none. */
  throttled?: [number, number][];
  warnings: Warning[];
}

/** A record within a report, which holds each environment and runtime once. */
export interface ReportRecord extends CaseRecord {
  /** Index into the report's `environments`. */
  environment: number;
  /** Index into the report's `runtimes`; null where none was started. */
  runtime: number | null;
}

/** The JSON report: versioned, described by the published schema (src/export/report.schema.json). */
export interface Report {
  schema: 'hfbench-report';
  version: 1;
  /** ISO 8601, UTC. */
  createdAt: string;
  /** Version of hfbench that wrote the report. */
  hfbench: string;
  /** Arguments of the command line, without the program's name. */
  command: string[];
  environments: Environment[];
  runtimes: RuntimeInfo[];
  records: ReportRecord[];
}
