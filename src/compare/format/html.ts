// A self-contained page: the table and a plot of the ratios, no script, no request.

import { escapeHtml } from '../../util/escape-html.js';
import type { Comparison } from '../comparison.js';
import { comparisonView, ratioText } from './view.js';

const STYLE = `:root{color-scheme:light dark;--line:#8884;--good:#1a7f37;--bad:#cf222e}
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem}
table{border-collapse:collapse;font-variant-numeric:tabular-nums}
th,td{padding:.3rem .8rem;border-bottom:1px solid var(--line);text-align:right}th:first-child,td:first-child{text-align:left}
.best{font-weight:600;color:var(--good)}svg text{font:13px system-ui,sans-serif;fill:currentColor}ul{color:#888}`;

/** Ratios on a logarithmic axis, with their bounds: left of the line is less than the baseline. */
function plot({ cases, sides, baseline, better }: Comparison): string {
  const points = cases.flatMap(({ identity, cells }) =>
    cells.flatMap((cell, side) =>
      side === baseline || cell.ratio === null
        ? []
        : [{ label: `${identity.model} ${identity.seq ?? ''} · ${sides[side]}`, ...cell, ratio: cell.ratio }],
    ),
  );
  if (points.length === 0) return '';
  const extent = Math.max(
    0.05,
    ...points.flatMap(({ ratio, low, high }) =>
      [ratio, low ?? ratio, high ?? ratio].map((value) => Math.abs(Math.log(value))),
    ),
  );
  const [left, width, row] = [280, 560, 24];
  const x = (ratio: number): number => left + width / 2 + (Math.log(ratio) / extent) * (width / 2 - 20);
  const isGood = (ratio: number): boolean => (better === 'lower' ? ratio < 1 : ratio > 1);
  const rows = points.map(({ label, ratio, low, high }, index) => {
    const y = row * index + 30;
    const colour = isGood(ratio) ? 'var(--good)' : 'var(--bad)';
    const bar =
      low !== null && high !== null
        ? `<line x1="${x(low)}" x2="${x(high)}" y1="${y}" y2="${y}" stroke="${colour}" stroke-width="2"/>`
        : '';
    return `<text x="${left - 10}" y="${y + 5}" text-anchor="end">${escapeHtml(label.slice(0, 40))}</text>${bar}<circle cx="${x(ratio)}" cy="${y}" r="4" fill="${colour}"><title>${escapeHtml(ratioText({ ratio, low, high }))}</title></circle>`;
  });
  const height = row * points.length + 40;
  const axis = `<line x1="${x(1)}" x2="${x(1)}" y1="14" y2="${height - 10}" stroke="currentColor" stroke-dasharray="3 3"/><text x="${x(1)}" y="11" text-anchor="middle">1x</text>`;
  return `<svg viewBox="0 0 ${left + width} ${height}" role="img" aria-label="Ratios to the baseline" style="max-width:${left + width}px">${axis}${rows.join('')}</svg>`;
}

export function html(comparison: Comparison): string {
  const view = comparisonView(comparison);
  const cell = (text: string, tag: string, best = false): string =>
    `<${tag}${best ? ' class="best"' : ''}>${escapeHtml(text)}</${tag}>`;
  const rows = view.rows.map(
    ({ cells, best }) => `<tr>${cells.map((text, index) => cell(text, 'td', index === best)).join('')}</tr>`,
  );
  const means = view.means.map((cells) => `<tr>${cells.map((text) => cell(text, 'th')).join('')}</tr>`);
  const title = `hfbench: ${comparison.sides.join(' and ')}`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)}</title><style>${STYLE}</style></head>
<body><h1>${escapeHtml(title)}</h1><p>${escapeHtml(comparison.metric)}, ${comparison.better} is better. Bounds hold the noise within the runs only.</p>
${plot(comparison)}
<table><thead><tr>${view.head.map((text) => cell(text, 'th')).join('')}</tr></thead><tbody>${rows.join('')}${means.join('')}</tbody></table>
<ul>${view.notes.map((text) => cell(text, 'li')).join('')}</ul></body></html>
`;
}
