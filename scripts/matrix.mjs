// Fills and publishes the compatibility matrix of the small configurations on the CPU and on WebGPU, in docs/matrix. Only missing
// and stale cells are tried, and each is saved as it ends: it may be stopped and started again.
//   node scripts/matrix.mjs [models...]      (after `npm run build`)
// On a machine without a GPU, WebGPU runs on SwiftShader, the Vulkan driver in software that Debian's chromium package brings.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const SWIFTSHADER = '/usr/lib/chromium/vk_swiftshader_icd.json';
const CELLS = 'docs/matrix/cells.json';
/** SwiftShader has no 16-bit floats: WebGPU at fp16 needs a GPU. */
const COLUMNS = [
  ['cpu', 'fp32,fp16,int8,int4'],
  ['webgpu', 'fp32'],
];

const software =
  process.env.VK_DRIVER_FILES === undefined && process.env.VK_ICD_FILENAMES === undefined && existsSync(SWIFTSHADER);
const env = software
  ? { ...process.env, VK_DRIVER_FILES: SWIFTSHADER, VK_ICD_FILENAMES: SWIFTSHADER }
  : { ...process.env };

/** @returns the exit code: 3 says that some cell failed, which is a finding */
function hfbench(...args) {
  const { status } = spawnSync(process.execPath, ['dist/src/cli/main.js', ...args], {
    env,
    stdio: ['ignore', 'ignore', 2],
  });
  if (status !== 0 && status !== 3) process.exit(status ?? 1);
}

mkdirSync('docs/matrix', { recursive: true });
const models = process.argv.slice(2);
for (const [ep, dtype] of COLUMNS)
  hfbench('check', ...models, '--ep', ep, '--dtype', dtype, '--json', CELLS, '--case-timeout', '5m');
hfbench('matrix', CELLS, '--format', 'markdown', '-o', 'docs/matrix/README.md');
hfbench('matrix', CELLS, '--format', 'html', '-o', 'docs/matrix/index.html');
