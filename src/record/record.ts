// A record is one finished case as a flat row. Everything after a run (export, store, compare, gate, dashboard) reads records only.

/** Column name -> value; null is unknown or not applicable, never 0. The columns are those of columns.ts, in its order. */
export type Record_ = { [column: string]: string | number | boolean | null };

/** The JSON report: versioned, described by the published schema (src/export/report.schema.json). */
export interface Report {
  schema: 'hfbench-report';
  version: 1;
  createdAt: string;
  command: string[];
  environment: import('../hardware/environment.js').Environment;
  records: ReportRecord[];
}

export interface ReportRecord {
  row: Record_;
  /** Raw samples in nanoseconds; empty where nothing was measured. */
  samplesNs: number[];
  warnings: string[];
}
