// A self-contained page: no request; the script only sorts and filters rows, and the page is whole without it.

import { escapeHtml } from '../../util/escape-html.js';
import { type Cell, CRITERIA, LEVELS, reasonOf } from '../cell.js';
import { cellText, levelAt, type Row } from '../view.js';
import type { MatrixFormat } from './index.js';

const STYLE = `:root{color-scheme:light dark;--line:#8883}
body{font:14px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:76rem;padding:0 1rem}
table{border-collapse:collapse;margin:1rem 0}th,td{padding:.2rem .7rem;border-bottom:1px solid var(--line);text-align:left}
thead th{position:sticky;top:0;background:Canvas}#matrix thead th{cursor:pointer}td.number{text-align:right;font-variant-numeric:tabular-nums}
.level{border-radius:.3rem;padding:0 .4rem;white-space:nowrap;color:#fff}
.full{background:#1a7f37}.partial{background:#0969da}.wrong{background:#bc4c00}.failed{background:#cf222e}.unsupported{background:#6e7781}.not-tried{background:#8885;color:inherit}
small,.dim{color:GrayText}input{font:inherit;padding:.2rem .5rem;width:20rem;max-width:100%}li{margin:.3rem 0;overflow-wrap:anywhere}`;

const SCRIPT = `const body=document.querySelector('#matrix tbody'),rows=[...body.rows];
document.querySelectorAll('#matrix thead th').forEach((head,at)=>{let up=false;head.addEventListener('click',()=>{up=!up;
rows.sort((a,b)=>a.cells[at].textContent.localeCompare(b.cells[at].textContent,'en',{numeric:true})*(up?1:-1));body.append(...rows)})});
const search=document.querySelector('#search');search.hidden=false;search.addEventListener('input',()=>{const word=search.value.toLowerCase();
for(const row of rows)row.hidden=!row.textContent.toLowerCase().includes(word)});`;

const className = (level: string): string => level.replace(' ', '-');
const badge = (level: string, text: string): string =>
  `<span class="level ${className(level)}">${escapeHtml(text)}</span>`;

function evidence(cell: Cell): string {
  const { error, limit, output, ortVersion, machine, date } = cell;
  const compared =
    error === null ? '' : `error ${error.toExponential(1)} of ${output} (limit ${limit.toExponential(0)})`;
  const parts = [compared, reasonOf(cell), `ONNX Runtime ${ortVersion ?? 'unknown'}`, machine, date];
  return parts.filter((part) => part !== '').join('\n');
}

const cellHtml = (cell: Cell | null): string =>
  `<td${cell ? ` title="${escapeHtml(evidence(cell))}"` : ''}>${badge(levelAt(cell), cellText(cell))}</td>`;

const rowHtml = ({ model, category, cells }: Row): string =>
  `<tr><th scope="row">${escapeHtml(model)}</th><td>${escapeHtml(category)}</td>${cells.map(cellHtml).join('')}</tr>`;

export const format: MatrixFormat = ({ columns, rows, reasons, origins }) => {
  const head = (titles: string[]): string =>
    `<thead><tr>${titles.map((title) => `<th scope="col">${escapeHtml(title)}</th>`).join('')}</tr></thead>`;
  const titles = columns.map(({ title }) => title);
  const counts = LEVELS.map((level, index) => {
    const numbers = columns.map(({ counts }) => `<td class="number">${counts[index]}</td>`).join('');
    return `<tr><th scope="row">${badge(level, level)}</th>${numbers}<td class="dim">${escapeHtml(CRITERIA[level])}</td></tr>`;
  });
  const why = reasons.map(
    ({ level, column, models, reason }) =>
      `<li>${badge(level, level)} ${escapeHtml(column)}: <b>${escapeHtml(models.join(', '))}</b>: ${escapeHtml(reason)}</li>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>hfbench: compatibility matrix</title><style>${STYLE}</style></head>
<body><h1>Compatibility matrix</h1>
<p>${origins.map(escapeHtml).join('<br>')}</p>
<table>${head(['level', ...titles, 'means'])}<tbody>${counts.join('\n')}</tbody></table>
<input id="search" type="search" placeholder="model, category or level" aria-label="Show rows with this text" hidden>
<table id="matrix">${head(['model', 'category', ...titles])}<tbody>
${rows.map(rowHtml).join('\n')}
</tbody></table>
${why.length > 0 ? `<h2>Why</h2>\n<ul>${why.join('\n')}</ul>\n` : ''}<script>${SCRIPT}</script></body></html>
`;
};
