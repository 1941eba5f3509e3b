// What an error of a case becomes in its record.

import { nvidiaDriverVersion } from '../hardware/nvidia-driver.js';
import { diagnose } from '../provider/diagnose.js';
import { OrtError } from '../runtime/session.js';
import { UnsupportedError, UsageError } from '../util/error.js';
import { oneLine } from '../util/one-line.js';
import type { Case } from './case.js';
import type { Reason } from './outcome.js';

/** What ONNX Runtime says of a file that is no sound model. Of a graph of our own it would be our mistake. */
const UNSOUND_FILE = new Set(['INVALID_PROTOBUF', 'INVALID_GRAPH', 'NO_MODEL', 'NO_SUCHFILE']);

/** What ONNX Runtime says of any provider but the CPU's is looked up among known faults. */
export function reasonOf(
  error: unknown,
  { provider, source }: Pick<Case, 'provider' | 'source'>,
): { state: 'failed' | 'unsupported'; reason: Reason } {
  const said = (error as Error).message ?? String(error);
  const message = oneLine(said);
  if (error instanceof UnsupportedError) return { state: 'unsupported', reason: { code: error.code, message } };
  if (error instanceof OrtError && provider !== 'cpu') {
    const found = diagnose(said, { nvidiaDriver: nvidiaDriverVersion() });
    if (found !== null) {
      const { code, reason, advice } = found;
      return { state: 'failed', reason: { code, message: oneLine(`${provider}: ${reason}; ${advice}`) } };
    }
  }
  if (error instanceof OrtError && error.code === 'NOT_IMPLEMENTED')
    return { state: 'unsupported', reason: { code: 'operator', message } };
  if (error instanceof OrtError) {
    const code = source.kind === 'file' && UNSOUND_FILE.has(error.code) ? 'bad-input' : 'ort-error';
    return { state: 'failed', reason: { code, message: `${error.code}: ${message}` } };
  }
  if (error instanceof UsageError) return { state: 'failed', reason: { code: 'bad-input', message } };
  const shown = process.env.HFBENCH_DEBUG === '1' ? oneLine((error as Error).stack ?? message, 4000) : message;
  return { state: 'failed', reason: { code: 'internal-error', message: shown } };
}
