// hfbench badge: a report in two words, for a README.

import { type Command, Option } from 'commander';
import {
  BADGE_KINDS,
  type Badge,
  type BadgeKind,
  coverageBadge,
  gateBadge,
  metricBadge,
  statusBadge,
} from '../export/badge/badge.js';
import { BADGE_FORMATS, type BadgeFormat } from '../export/badge/format.js';
import { readAnyReport } from '../record/read-gate.js';
import { checkWritable, writeFileAtomic, writeProblem } from '../util/atomic-file.js';
import { UsageError } from '../util/error.js';
import { note, print } from './terminal.js';

interface Flags {
  kind: BadgeKind;
  metric?: string;
  case?: string;
  label?: string;
  format: BadgeFormat;
  output?: string;
}

export function configure(command: Command): void {
  command
    .argument('<report>', 'JSON of `hfbench run --json` or `hfbench gate --json`')
    .addOption(new Option('--kind <kind>', 'what it says').choices(BADGE_KINDS).default('status'))
    .option('--metric <column>', 'of --kind metric (default: latency_median_ns)')
    .option('--case <part>', "part of the case's name, where the report has several (--kind metric)")
    .option('--label <text>', 'the left half, in other words')
    .addOption(
      new Option('--format <format>', "a picture, or JSON for shields.io's endpoint")
        .choices(Object.keys(BADGE_FORMATS))
        .default('svg'),
    )
    .option('-o, --output <file>', 'write to a file instead of standard output')
    .action(async (path: string, flags: Flags) => {
      if (flags.output !== undefined) checkWritable(flags.output, '--output');
      const badge = badgeOf(path, flags);
      const text = BADGE_FORMATS[flags.format]({ ...badge, label: flags.label ?? badge.label });
      if (flags.output === undefined) return print(text);
      try {
        writeFileAtomic(flags.output, text);
      } catch (error) {
        throw new UsageError(writeProblem(flags.output, error));
      }
      note(`written to ${flags.output}`);
    });
}

function badgeOf(path: string, { kind, metric, case: part }: Flags): Badge {
  const report = readAnyReport(path);
  if (report.schema === 'hfbench-gate') {
    if (kind !== 'status') throw new UsageError(`--kind ${kind}: ${path} is a gate's report, which has a status only`);
    return gateBadge(report);
  }
  if (kind !== 'metric' && (metric !== undefined || part !== undefined))
    throw new UsageError(`--${metric === undefined ? 'case' : 'metric'}: of --kind metric; add it`);
  if (kind === 'metric') return metricBadge(report, metric ?? 'latency_median_ns', part ?? null);
  return kind === 'coverage' ? coverageBadge(report) : statusBadge(report);
}
