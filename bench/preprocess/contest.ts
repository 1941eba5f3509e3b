// Times contestants for the same task in turn, so that a change in the machine's pace meets all of them. Counted is the
// CPU time of the whole process: on one idle core it equals the time that passes, on a busy machine it leaves out other
// programs' turns. A contestant's waiting (sharp hands work to a thread and back) is not held against it.

export interface Contestant {
  name: string;
  run: () => unknown;
  /** Least number of times that hfbench must be faster, by instruction set level. */
  goal?: { avx512: number; avx2: number };
}

export interface Contest {
  task: string;
  hfbench: () => unknown;
  peers: Contestant[];
  /** Work that no implementation can avoid, e.g. copying the bytes once. */
  floor?: Contestant;
  /** Turns of each contestant. */
  rounds: number;
}

export interface Timing {
  name: string;
  medianMs: number;
  fastestMs: number;
  goal?: Contestant['goal'];
}

async function timeOnce(run: () => unknown): Promise<number> {
  const start = process.cpuUsage();
  const pending = run();
  if (pending instanceof Promise) await pending;
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e3;
}

/** hfbench first, then the peers, then the floor. */
export async function hold(contest: Contest): Promise<Timing[]> {
  const contestants: Contestant[] = [{ name: 'hfbench', run: contest.hfbench }, ...contest.peers];
  if (contest.floor) contestants.push(contest.floor);
  const times: number[][] = contestants.map(() => []);
  for (const { run } of contestants) for (let i = 0; i < 5; ++i) await timeOnce(run);
  for (let round = 0; round < contest.rounds; ++round) {
    for (const [i, { run }] of contestants.entries()) times[i]!.push(await timeOnce(run));
  }
  return contestants.map(({ name, goal }, i) => {
    const sorted = times[i]!.sort((a, b) => a - b);
    return { name, medianMs: sorted[sorted.length >> 1]!, fastestMs: sorted[0]!, ...(goal && { goal }) };
  });
}
