import type { Probe } from './probe.js';

/** Commit of a folder, with '-dirty' when tracked files differ from it; null outside of a repository or without git. */
export async function gitCommit(probe: Probe, folder: string): Promise<string | null> {
  // Tags are left out so that the answer is always the full hash. A repository's own hooks must not run.
  const args = ['-c', 'core.fsmonitor=false', 'describe', '--always', '--abbrev=40', '--dirty', '--exclude=*'];
  const answer = (await probe.run('git', args, folder))?.trim() ?? '';
  return /^[0-9a-f]{40,64}(-dirty)?$/.test(answer) ? answer : null;
}
