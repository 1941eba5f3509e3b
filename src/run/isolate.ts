// Runs one case in a process of its own, so that whatever happens to it becomes a record.

import { fileURLToPath } from 'node:url';
import type { Case } from './case.js';
import type { Reason } from './outcome.js';
import {
  type CaseResult,
  type FromWorker,
  type Measured,
  PHASE_WORDS,
  PHASES,
  type Phase,
  type ToWorker,
} from './protocol.js';
import type { RunSettings } from './settings.js';
import { type Ending, reasonOfEnd, startWorker } from './worker-process.js';

const WORKER = fileURLToPath(new URL('./worker.js', import.meta.url));

export interface IsolateOptions {
  /** Aborted: stop after the block in progress and keep what was measured. */
  cancel: AbortSignal;
  onProgress(phase: Phase, fraction: number): void;
}

function broken(state: 'failed' | 'skipped', reason: Reason): CaseResult {
  return { state, reason, runtime: null, model: null, warnings: [] };
}

function reasonOf(ending: Ending, phase: Phase): Reason {
  if (ending.spawnError === null) return reasonOfEnd(ending, PHASE_WORDS[phase]);
  return { code: 'spawn', message: `the process for the case could not be started: ${ending.spawnError}` };
}

/** What there is of a case whose process ended after its samples: what only adds to them is left out, with a warning. */
function salvaged({ result, proven }: Measured, reason: Reason): CaseResult {
  const { measurement, profile, ...common } = result;
  if (!proven) return { ...common, state: 'failed', reason, partial: measurement };
  const warning = {
    code: 'ended-early',
    message: `The samples are whole, but then ${reason.message}`,
    advice: 'Columns that come after the samples may be missing.',
  };
  return { ...result, warnings: [...result.warnings, warning] };
}

/** Never rejects for what the case does. */
export function runIsolated(work: Case, settings: RunSettings, options: IsolateOptions): Promise<CaseResult> {
  return new Promise((resolve) => {
    let phase: Phase = 'start';
    let result: CaseResult | null = null;
    let measured: Measured | null = null;
    let forced: CaseResult | null = null;

    const onMessage = (message: FromWorker) => {
      if (message.type === 'finished') {
        result = message.result;
        worker.dismiss();
      } else if (message.type === 'measured') {
        measured = message;
      } else {
        phase = message.phase;
        options.onProgress(phase, message.fraction);
        if (options.cancel.aborted) onCancel();
      }
    };
    const onEnd = (ending: Ending) => {
      clearTimeout(timer);
      options.cancel.removeEventListener('abort', onCancel);
      if (result !== null) return resolve(result);
      const end = forced ?? broken('failed', reasonOf(ending, phase));
      resolve(measured !== null && end.state === 'failed' ? salvaged(measured, end.reason) : end);
    };
    const worker = startWorker<ToWorker, FromWorker>(WORKER, { onMessage, onEnd });

    const endWith = (ending: CaseResult) => {
      forced ??= ending;
      worker.kill();
    };
    const timer = setTimeout(() => {
      const seconds = settings.caseTimeoutMs / 1000;
      const message = `no result after ${seconds} s (--case-timeout), it was ${PHASE_WORDS[phase]}`;
      endWith(broken('failed', { code: 'case-timeout', message }));
    }, settings.caseTimeoutMs);
    const onCancel = () => {
      // Before the first sample there is nothing to keep, and a session being opened cannot be interrupted.
      if (PHASES.indexOf(phase) < PHASES.indexOf('sample')) {
        endWith(broken('skipped', { code: 'interrupted', message: `interrupted while ${PHASE_WORDS[phase]}` }));
      } else {
        worker.send({ type: 'cancel' });
      }
    };
    options.cancel.addEventListener('abort', onCancel, { once: true });
    worker.send({ type: 'start', case: work, settings });
    if (options.cancel.aborted) onCancel();
  });
}
