import type { Exporter } from './exporter.js';
import { summaryView } from './view/summary-view.js';

/** A GitHub-flavoured table, with the machine above it and what was not measured below. */
export const exporter: Exporter = {
  description: 'a table for GitHub and the like',
  extension: 'md',
  render(report, { columns }) {
    const view = summaryView(report, columns);
    if (view.records.length === 0) return 'No cases.\n';
    const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
    const rows = view.records.map(({ row }) =>
      view.fields.map((field) => {
        const { text, unit } = field.read(row);
        return escapeMarkdown(unit === '' ? text : `${text} ${unit}`);
      }),
    );
    const table = [
      line(view.fields.map(({ title }) => escapeMarkdown(title))),
      line(view.fields.map(({ align }) => (align === 'right' ? '---:' : '---'))),
      ...rows.map(line),
    ];
    const above = [...view.machines, view.constants.join(', ')].filter((text) => text !== '').map(escapeMarkdown);
    const below = [
      ...view.notMeasured.map(({ status, label, reason }) => `**${status}** ${escapeMarkdown(`${label}: ${reason}`)}`),
      ...view.warnings.map((text) => `**warning** ${escapeMarkdown(text)}`),
    ];
    const parts = [above.join('  \n'), table.join('\n'), below.map((text) => `- ${text}`).join('\n')];
    return parts
      .filter((part) => part !== '')
      .map((part) => `${part}\n`)
      .join('\n');
  },
};

/** Makes text stand for itself: no markup, no HTML, no cell border, no mention or issue reference on GitHub. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_{}[\]|~]/g, '\\$&')
    .replace(/[&<>@#]/g, (character) => `&#${character.charCodeAt(0)};`);
}
