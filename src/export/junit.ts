import { formatDuration } from '../util/number-format.js';
import { escapeXml } from '../util/xml.js';
import type { Exporter } from './exporter.js';
import { caseName, numberIn } from './view/case-name.js';

/** JUnit XML: a case that failed is a failure; one that was skipped or cannot exist is skipped, with its reason. */
export const exporter: Exporter = {
  description: 'JUnit XML for Jenkins, GitLab and the like',
  extension: 'junit.xml',
  render(report) {
    const rows = report.records.map(({ row }) => row);
    const count = (...states: string[]) => rows.filter(({ status }) => states.includes(String(status))).length;
    const cases = rows.map((row) => {
      const ns = numberIn(row, 'latency_median_ns');
      const time = ns === null ? '' : ` time="${(ns / 1e9).toFixed(9)}"`;
      const open = `    <testcase classname="hfbench.${escapeXml(String(row.category ?? 'file'))}" name="${escapeXml(caseName(row))}"${time}`;
      const reason = escapeXml(String(row.reason_text ?? row.reason ?? ''));
      if (row.status === 'measured')
        return `${open}>\n      <system-out>median ${ns === null ? '-' : escapeXml(formatDuration(ns))}</system-out>\n    </testcase>`;
      const inner =
        row.status === 'failed'
          ? `<failure type="${escapeXml(String(row.reason ?? 'failed'))}" message="${reason}"/>`
          : `<skipped message="${reason}"/>`;
      return `${open}>\n      ${inner}\n    </testcase>`;
    });
    const counts = `tests="${rows.length}" failures="${count('failed')}" skipped="${count('skipped', 'unsupported')}"`;
    return [
      '<?xml version="1.0" encoding="UTF-8"?>',
      `<testsuites name="hfbench" ${counts}>`,
      `  <testsuite name="hfbench run" ${counts} timestamp="${escapeXml(report.createdAt.slice(0, 19))}">`,
      ...cases,
      '  </testsuite>',
      '</testsuites>',
      '',
    ].join('\n');
  },
};
