import { stripVTControlCharacters } from 'node:util';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { exporter } from '../../src/export/table.js';
import { toReport } from '../../src/record/report.js';
import { assertGolden } from '../support/golden.js';
import { ENVIRONMENT, measuredOutcome, OUTCOMES, sampleDurations } from '../support/outcomes.js';

const report = (outcomes = OUTCOMES) => toReport(outcomes, { hfbench: '0.1.0', createdAt: '', command: [] });
const render = (width: number, outcomes = OUTCOMES, color = false) =>
  exporter.render(report(outcomes), { width, color });
/** The lines from the first rule to the last. */
const body = (text: string) => {
  const lines = text.split('\n');
  const isRule = (line: string) => /^─+$/.test(line);
  return lines.slice(lines.findIndex(isRule), lines.findLastIndex(isRule) + 1);
};

test('fits every width from 40 on', () => {
  for (let width = 40; width <= 240; width += 7) {
    for (const line of body(render(width))) assert.ok([...line].length <= width, `${width}: ${line}`);
  }
});

test('names what it leaves out, and leaves nothing out when there is room', () => {
  assert.match(render(60), /not shown for lack of width: .*throughput/);
  assert.not.match(render(400), /not shown/);
});

test('narrow and wide, to the byte', () => {
  for (const width of [40, 80, 160, 400]) assertGolden(`export/table-${width}.txt`, render(width));
});

test('what is the same in all cases stands above the table', () => {
  const text = render(200, [measuredOutcome(), measuredOutcome({ batch: 8 })]);
  assert.match(text, /size full · dtype fp32 · style standard · seq 128 · provider cpu/);
  assert.match(body(text)[1]!, /^model +batch +median/);
  assert.not.match(body(text)[1]!, /status/);
});

test('percentiles without enough samples say so', () => {
  const text = body(
    render(400, [measuredOutcome({}, sampleDurations(63, 1e6)), measuredOutcome({}, sampleDurations(662, 1e6))]),
  );
  const column = (title: string) =>
    text.slice(2, 4).map((line) =>
      line
        .slice(0, text[1]!.indexOf(title) + 3)
        .trim()
        .split(/ {2,}/)
        .at(-1),
    );
  assert.equal(column('p90')[0], 'n too small');
  assert.match(column('p99')[1]!, /^\d/);
});

test('digits of one column end at one place, whatever the unit', () => {
  const lines = body(render(200, [measuredOutcome({}, [5e3, 5e3]), measuredOutcome({ batch: 2 }, [2e9, 2e9])])).slice(
    2,
    4,
  );
  const ends = lines.map((line) => /\d (µs|s)/.exec(line)!.index);
  assert.is(ends[0], ends[1]);
});

test('colour only when asked, and it changes nothing but colour', () => {
  const plain = render(120);
  const colored = render(120, OUTCOMES, true);
  assert.ok(colored.includes('\u001b[31mfailed'));
  assert.is(stripVTControlCharacters(colored), plain);
});

test('no text from outside reaches the terminal as control characters', () => {
  assert.not.match(render(400), /[^\n\P{Cc}]/u);
});

test('two machines are told apart', () => {
  const other = {
    ...measuredOutcome(),
    environment: { ...ENVIRONMENT, fingerprint: 'aaaaaaaaaaaa', cpu: { ...ENVIRONMENT.cpu, model: 'Another CPU' } },
  };
  const text = render(200, [measuredOutcome(), other]);
  assert.match(text, /^Example CPU 9000 .*\nAnother CPU /);
  assert.match(body(text)[1]!, /fingerprint/);
});

test('warnings of one kind share a line', () => {
  const drift = { code: 'drift', message: 'Runs became slower', advice: 'Wait.' };
  const outcomes = [1, 2, 4, 8, 16].map((batch) => ({ ...measuredOutcome({ batch }), warnings: [drift] }));
  assert.is(render(120, outcomes).match(/Runs became slower/g)!.length, 1);
  assert.match(render(120, outcomes), /warning 5 cases, e\.g\. bert, batch 1: Runs became slower\. Wait\./);
});

test.run();
