// A worker that does what the name of the model says: for tests of what the parent makes of it.

import type { CheckRequest, ToParent } from '../../src/check/protocol.js';
import { NOTHING_FOUND } from '../../src/check/protocol.js';

const tell = (message: ToParent): Promise<void> => new Promise((done) => process.send!(message, () => done()));
const FOUND = { ...NOTHING_FOUND, ortVersion: '1.30.0', graphDigest: 'abc', referenceDigest: 'def' };
let asked = 0;

process.on('message', async ({ cell, known }: CheckRequest) => {
  asked++;
  await tell({ phase: 'load', found: FOUND });
  if (cell.model === 'aborts') process.abort();
  if (cell.model === 'warns') await new Promise<void>((done) => process.stderr.write('low on memory\n', () => done()));
  if (cell.model === 'hangs') for (;;);
  if (cell.model === 'dies-running') {
    await tell({ phase: 'run', found: { ...FOUND, loads: true } });
    process.stderr.write('out of \u001b[31mdevice memory\n', () => process.exit(7));
    return;
  }
  if (known) return tell({ answer: { fresh: true } });
  // The number of requests shows whether the process is a new one.
  const found = { ...FOUND, loads: true, runs: true, error: asked / 100, output: 'y' };
  await tell({ answer: { found } });
  if (cell.model === 'dies-later') process.exit(0);
});
