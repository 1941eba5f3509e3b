import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { escapeMarkdown, exporter } from '../../src/export/markdown.js';
import { toReport } from '../../src/record/report.js';
import { OUTCOMES } from '../support/outcomes.js';

const text = exporter.render(toReport(OUTCOMES, { hfbench: '0.1.0', createdAt: '', command: [] }), {});

test('every table line has the same number of cells', () => {
  const lines = text.split('\n').filter((line) => line.startsWith('|'));
  assert.is(lines.length, OUTCOMES.length + 2);
  const cells = lines.map((line) => line.replaceAll('\\|', '').split('|').length);
  assert.is(new Set(cells).size, 1);
});

test('text stands for itself', () => {
  assert.is(escapeMarkdown('a|b\nc'), 'a\\|b c');
  assert.is(escapeMarkdown('<b>&amp;</b>'), '&#60;b&#62;&#38;amp;&#60;/b&#62;');
  assert.is(escapeMarkdown('[x](y) `z` *a* _b_ ~c~'), '\\[x\\](y) \\`z\\` \\*a\\* \\_b\\_ \\~c\\~');
  assert.is(escapeMarkdown('@octocat #12'), '&#64;octocat &#35;12');
});

test('no markup of a hostile name is left', () => {
  assert.not.match(text, /<script>|@all|[^\n\P{Cc}]/u);
});

test.run();
