// Preprocessing against its peers: one thread each, in turn, called from JavaScript.
//   npm install --prefix bench/preprocess && node dist/bench/preprocess/main.js [part of a task ...]
//   HFBENCH_ISA=avx2 node dist/bench/preprocess/main.js
// Exit code 1 if a goal is missed.

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { loadAddon } from '../../binding/index.js';
import { audioContests } from './audio.js';
import { castContests } from './cast.js';
import { hold } from './contest.js';
import { imageContests } from './image.js';
import { loadPeers } from './peers.js';
import { textContests } from './text.js';

// Pinning keeps the peers' own thread pools on one core too.
if (!process.env.HFBENCH_PINNED && spawnSync('taskset', ['--version']).status === 0) {
  const args = [
    '-c',
    process.env.HFBENCH_CORE ?? '0',
    process.execPath,
    fileURLToPath(import.meta.url),
    ...process.argv.slice(2),
  ];
  const child = spawnSync('taskset', args, { stdio: 'inherit', env: { ...process.env, HFBENCH_PINNED: '1' } });
  process.exit(child.status ?? 1);
}

const { brand, isa } = loadAddon().cpuInfo();
const peers = await loadPeers();
const contests = [
  ...(await imageContests(peers)),
  ...(await audioContests(peers)),
  ...castContests(),
  ...(await textContests(peers)),
];
const wanted = process.argv.slice(2);

console.log(
  `${brand}, level ${isa}, Node ${process.version}; CPU time of one call in ms, times = peer / hfbench (medians)\n`,
);
console.log('| task | contestant | median | fastest | times | goal |');
console.log('|---|---|---:|---:|---:|---|');
let missed = 0;
for (const contest of contests) {
  if (wanted.length > 0 && !wanted.some((part) => contest.task.includes(part))) continue;
  const [ours, ...others] = await hold(contest);
  const show = (ms: number) => (ms < 10 ? ms.toFixed(3) : ms.toFixed(1));
  console.log(`| ${contest.task} | **hfbench** | ${show(ours!.medianMs)} | ${show(ours!.fastestMs)} | 1 | |`);
  for (const { name, medianMs, fastestMs, goal } of others) {
    const times = medianMs / ours!.medianMs;
    const least = goal && (isa === 'avx512' ? goal.avx512 : goal.avx2);
    const verdict = least === undefined ? '' : times >= least ? `${least}: met` : `${least}: MISSED`;
    if (verdict.endsWith('MISSED')) ++missed;
    console.log(
      `| | ${name} | ${show(medianMs)} | ${show(fastestMs)} | ${times.toFixed(times < 10 ? 2 : 1)} | ${verdict} |`,
    );
  }
}
console.log(missed === 0 ? '\nevery goal is met' : `\n${missed} missed`);
process.exit(missed === 0 ? 0 : 1);
