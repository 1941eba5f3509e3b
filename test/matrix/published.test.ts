// docs/matrix is what its cells say: scripts/matrix.mjs made all of it.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadFormat } from '../../src/matrix/format/index.js';
import { readCheckReport } from '../../src/matrix/read-check.js';
import { ROOT } from '../support/golden.js';

const folder = join(ROOT, 'docs/matrix');

for (const [format, file] of [
  ['markdown', 'README.md'],
  ['html', 'index.html'],
] as const) {
  test(`docs/matrix/${file} shows docs/matrix/cells.json`, async () => {
    const report = readCheckReport(join(folder, 'cells.json'));
    const rendered = (await loadFormat(format))(report, { color: false });
    assert.ok(rendered === readFileSync(join(folder, file), 'utf8'), 'renew it: node scripts/matrix.mjs');
  });
}

test.run();
