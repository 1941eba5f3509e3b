// Pipelines that `hfbench ci init` writes: pure functions to files.

import { github } from './github.js';
import { gitlab } from './gitlab.js';
import { jenkins } from './jenkins.js';
import { type PipelineFile, type PipelineOptions, pipelineScript } from './script.js';

export type { PipelineFile, PipelineOptions } from './script.js';

const SYSTEMS = { github, gitlab, jenkins } as const;
export const CI_SYSTEMS = Object.keys(SYSTEMS) as (keyof typeof SYSTEMS)[];
export type CiSystem = keyof typeof SYSTEMS;

export function pipelineFiles(system: CiSystem, options: PipelineOptions): PipelineFile[] {
  return [SYSTEMS[system](options), pipelineScript(options)];
}
