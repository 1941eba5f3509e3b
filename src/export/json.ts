import type { Exporter } from './exporter.js';

/** The whole report with every raw sample; src/export/report.schema.json describes it. One record a line keeps diffs readable. */
export const exporter: Exporter = {
  description: 'the whole report with every raw sample, as described by report.schema.json',
  extension: 'json',
  render(report) {
    const lines = Object.entries(report).map(([key, value]) => `  ${JSON.stringify(key)}: ${inner(key, value)}`);
    return `{\n${lines.join(',\n')}\n}\n`;
  },
};

function inner(key: string, value: unknown): string {
  if (key !== 'records' || !Array.isArray(value) || value.length === 0) return JSON.stringify(value);
  return `[\n${value.map((record) => `    ${JSON.stringify(record)}`).join(',\n')}\n  ]`;
}
