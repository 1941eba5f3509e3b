import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseCim, parsePowerPlan } from '../../../src/hardware/windows/parse.js';

test('PowerShell writes one object without brackets and none as null', () => {
  const { cpu, battery, os } = parseCim('{"cpu":{"NumberOfCores":4},"battery":null,"os":[{"Caption":"x"}]}');
  assert.equal(cpu, [{ NumberOfCores: 4 }]);
  assert.equal(battery, []);
  assert.equal(os, [{ Caption: 'x' }]);
});

test('what is no JSON is nothing', () => {
  for (const text of ['', 'Get-CimInstance : Access denied', 'null']) {
    assert.equal(parseCim(text), { cpu: [], os: [], system: [], battery: [] });
  }
});

test('power plans by their identifier, in any language', () => {
  assert.is(parsePowerPlan('Power Scheme GUID: 381b4222-f694-41f0-9685-ff5bb260df2e  (Balanced)\r\n'), 'balanced');
  assert.is(
    parsePowerPlan('GUID des Energieschemas: 8C5E7FDA-E8BF-4A96-9A85-A6E23A8C635C  (Höchstleistung)'),
    'high performance',
  );
  assert.is(parsePowerPlan('Power Scheme GUID: 00000000-1111-2222-3333-444444444444  (Mine)'), 'Mine');
  assert.is(
    parsePowerPlan('Power Scheme GUID: 00000000-1111-2222-3333-444444444444'),
    '00000000-1111-2222-3333-444444444444',
  );
  assert.is(parsePowerPlan(''), null);
});

test.run();
