import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { availableOfVmStat, isaOfSysctl, onBatteryOfPmset, parseSysctl } from '../../../src/hardware/macos/parse.js';
import { readFixture } from '../../support/fixture-text.js';

test('features in Linux words, on both architectures', () => {
  assert.equal(isaOfSysctl(parseSysctl(readFixture('hardware/sysctl-m1-pro.txt'))), ['asimd', 'asimdhp', 'asimddp']);
  assert.equal(isaOfSysctl(parseSysctl(readFixture('hardware/sysctl-i7.txt'))), [
    'sse4_2',
    'avx',
    'f16c',
    'fma',
    'avx2',
  ]);
  assert.equal(isaOfSysctl(new Map()), []);
});

test('values may hold colons and be empty; messages are no values', () => {
  const values = parseSysctl("a.b: x: y\nc:\nsysctl: unknown oid 'hw.x'\n");
  assert.is(values.get('a.b'), 'x: y');
  assert.is(values.get('c'), '');
});

test('available memory: free, speculative, purgeable and what of the inactive pages comes from files', () => {
  assert.is(availableOfVmStat(readFixture('hardware/vm-stat.txt')), (11887 + 102040 + 1044 + 264584) * 16384);
  assert.is(availableOfVmStat('Pages free: 5.\n'), null);
  assert.is(availableOfVmStat(''), null);
});

test('source of power', () => {
  assert.is(onBatteryOfPmset("Now drawing from 'Battery Power'\n -InternalBattery-0 (id=1)\t14%; discharging"), true);
  assert.is(onBatteryOfPmset("Now drawing from 'AC Power'\n"), false);
  assert.is(onBatteryOfPmset(''), null);
});

test.run();
