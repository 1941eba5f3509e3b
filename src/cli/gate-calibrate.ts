// hfbench gate --calibrate: the gate on this host against itself, with real processes.

import { sessionLogRatio } from '../compare/duet/values.js';
import { calibrationOf, keepCalibration } from '../compare/gate/calibration.js';
import { familySize, isDecided } from '../compare/gate/decide.js';
import { calibrationText } from '../compare/gate/format/words.js';
import { ALLOWANCES, sequentialRule } from '../compare/gate/rules.js';
import { look } from '../compare/sequential.js';
import { type MeasuredSession, measuredSessions } from '../record/duet.js';
import { stateFolder } from '../run/resume.js';
import { writeProblem } from '../util/atomic-file.js';
import { EXIT, UsageError } from '../util/error.js';
import { formatPercent } from '../util/number-format.js';
import { duetPairs } from './duet-pairs.js';
import { DuetProgress } from './duet-progress.js';
import type { GateFlags } from './gate-flags.js';
import { type Playing, playCell } from './gate-live.js';
import { watchInterrupts } from './interrupt.js';
import type { SideFlags } from './side-flags.js';
import { surroundings } from './surroundings.js';
import { note, print } from './terminal.js';

/** Small, quick to load, of an everyday kind. */
const DEFAULT_MODEL = 'squeezebert';

export async function calibrate(
  models: readonly string[],
  flags: GateFlags,
  sides: Record<'a' | 'b', SideFlags>,
  { pace, seed }: Playing,
): Promise<number> {
  const differing = [...sides.a.own, ...sides.b.own];
  if (differing.length > 0)
    throw new UsageError(
      `--calibrate: both sides are the same, so no side has flags of its own (${differing.join(', ')})`,
    );
  const quiet = sides.a.run.quiet ?? false;
  const [pair, ...more] = await duetPairs(models.length > 0 ? models : [DEFAULT_MODEL], sides, quiet);
  if (more.length > 0) throw new UsageError(`--calibrate: one case at a time, not ${more.length + 1}`);
  const { cell } = pair!;
  if (cell.a.case.model !== cell.b.case.model) throw new UsageError('--calibrate: give one model, it plays both sides');
  const rules = { metrics: { latency: { ...ALLOWANCES.latency, ...flags.speed } }, accuracyLimit: null };
  const rule = sequentialRule(flags.method, rules.metrics.latency);
  const around = await surroundings(pair!.sides.a.settings, cell.a.case.runtime === 'native', { peaks: false });
  const progress = new DuetProgress(flags.verdicts, quiet);
  const interrupts = watchInterrupts(() => progress.say('stopping; Ctrl-C again ends at once'));
  const sessions: MeasuredSession[] = [];
  const verdicts = { pass: 0, fail: 0, inconclusive: 0 };
  try {
    for (let turn = 0; turn < flags.verdicts && !interrupts.signal.aborted; turn++) {
      cell.sessions = [];
      const shown = progress.cell(turn, `${cell.label}, verdict`, flags.method.looks.at(-1)!);
      const options = { seed, cell: turn, pace, cancel: interrupts.signal, ...shown };
      const trouble = await playCell(pair!, rules, flags, familySize([{ rules }]), options);
      sessions.push(...measuredSessions(cell));
      if (interrupts.signal.aborted) break;
      if (trouble !== null) throw new UsageError(`--calibrate: ${trouble.reason}`);
      if (!isDecided(cell, rules, flags.method, 1)) throw new Error('a calibration ended undecided');
      const logs = measuredSessions(cell).map((session) => sessionLogRatio(session, 'latency')!);
      const { verdict } = look(logs, rule);
      verdicts[verdict === 'undecided' ? 'inconclusive' : verdict]++;
    }
  } finally {
    progress.clear();
    interrupts.dispose();
  }
  if (sessions.length < flags.method.looks[0]!) {
    note('interrupted before there was anything to keep');
    return EXIT.inconclusive;
  }
  const about = { fingerprint: around.environment.fingerprint, createdAt: around.now(), cell: cell.label, verdicts };
  const calibration = calibrationOf(about, sessions, rule, seed);
  await print(
    [
      calibrationText(calibration),
      `one side alone scatters by ${formatPercent(calibration.sideDeviation, 2)} from process to process: ${
        calibration.sideDeviation < 0.01
          ? 'recorded baselines may decide here'
          : 'recorded baselines are advice only here'
      }`,
      `drawn again with random labels, these sessions fail ${formatPercent(calibration.resampledFalseAlarms, 2)} of the time`,
      `seed ${seed}`,
      '',
    ].join('\n'),
  );
  try {
    note(`kept in ${keepCalibration(stateFolder(), calibration)}`);
  } catch (error) {
    note(writeProblem(stateFolder(), error));
    return EXIT.usage;
  }
  return interrupts.signal.aborted ? EXIT.inconclusive : EXIT.ok;
}
