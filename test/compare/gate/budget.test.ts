import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { budgetSchema, NO_BUDGET, parseBudget, rulesFor } from '../../../src/compare/gate/budget.js';
import { UsageError } from '../../../src/util/error.js';
import { ROOT } from '../../support/golden.js';

const CHOSEN = { metrics: ['latency', 'accuracy'] as const, speed: {}, accuracyLimit: 1e-4 };
const parse = (value: unknown) => parseBudget(typeof value === 'string' ? value : JSON.stringify(value), 'b.json');

const GOOD = {
  version: 1,
  looks: [6, 12, 24],
  metrics: { latency: { margin: '2%', budget: 0.05 }, memory: {}, accuracy: { limit: 1e-3 } },
  models: { 'bert*': { latency: { budget: '10 %' }, accuracy: false }, vit: { memory: false } },
};

test('layers: defaults, file, model, flags', () => {
  const budget = parse(GOOD);
  assert.equal(budget.looks, [6, 12, 24]);
  assert.equal(rulesFor('gpt2', budget, CHOSEN), {
    metrics: { latency: { margin: 0.02, budget: 0.05 }, memory: { margin: 0.02, budget: 0.05 } },
    accuracyLimit: 1e-3,
  });
  const bert = rulesFor('bert-large', budget, CHOSEN);
  assert.equal(bert.metrics.latency, { margin: 0.02, budget: 0.1 });
  assert.is(bert.accuracyLimit, null);
  assert.is(rulesFor('vit', budget, CHOSEN).metrics.memory, undefined);
  assert.equal(rulesFor('x', NO_BUDGET, { ...CHOSEN, speed: { budget: 0.07 } }).metrics.latency, {
    margin: 0.01,
    budget: 0.07,
  });
  assert.throws(
    () => rulesFor('x', NO_BUDGET, { ...CHOSEN, speed: { margin: 0.05 } }),
    /budget \(0.03\) must be above/,
  );
});

const BAD: [value: unknown, message: RegExp][] = [
  ['{"version": 1', /b\.json: no JSON/],
  [[], /expected an object/],
  [{}, /"version" must be 1, is missing/],
  [{ version: 2 }, /"version" must be 1, is 2/],
  [{ version: 1, metric: {} }, /unknown key "metric" \(did you mean 'metrics'\?\)/],
  [{ version: 1, metrics: { latancy: {} } }, /metrics: unknown key "latancy" \(did you mean 'latency'\?\)/],
  [{ version: 1, metrics: { latency: { bugdet: 1 } } }, /metrics\.latency: unknown key "bugdet"/],
  [{ version: 1, metrics: { latency: { budget: '3' } } }, /metrics\.latency\.budget: expected a fraction/],
  [{ version: 1, metrics: { latency: { budget: -1 } } }, /expected a fraction/],
  [{ version: 1, metrics: { latency: { margin: 0.05 } } }, /the budget \(0.03\) must be above the margin \(0.05\)/],
  [{ version: 1, metrics: { latency: true } }, /expected an object/],
  [{ version: 1, models: { bert: { accuracy: { margin: 1 } } } }, /models\.bert\.accuracy: unknown key "margin"/],
  [{ version: 1, looks: [12, 6] }, /looks: expected ascending/],
  [{ version: 1, looks: [2, 6] }, /looks: expected ascending/],
];

for (const [value, message] of BAD)
  test(`refused: ${JSON.stringify(value)}`, () => {
    assert.throws(
      () => parse(value),
      (error: unknown) => error instanceof UsageError && message.test(error.message),
    );
  });

test('the published schema is that of the code, and takes and refuses the same', () => {
  const path = join(ROOT, 'src/export/gate-budget.schema.json');
  assert.equal(JSON.parse(readFileSync(path, 'utf8')), JSON.parse(JSON.stringify(budgetSchema())));
  const validate = new Ajv2020({ strict: false }).compile(budgetSchema());
  assert.ok(validate(GOOD), JSON.stringify(validate.errors));
  // What a schema cannot say: relations between numbers.
  const relations = /must be above|ascending/;
  for (const [value, message] of BAD.filter(([value]) => typeof value !== 'string'))
    if (!relations.test(message.source)) assert.not(validate(value), JSON.stringify(value));
});

test.run();
