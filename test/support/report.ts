// The report of the sample outcomes.

import type { Report } from '../../src/record/record.js';
import { toReport } from '../../src/record/report.js';
import { OUTCOMES } from './outcomes.js';

export function jsonReport(): Report {
  return toReport(OUTCOMES, {
    hfbench: '0.1.0',
    createdAt: '2026-01-02T03:05:00.000Z',
    command: ['run', '--suite', 'quick'],
  });
}
