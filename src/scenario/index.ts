// The scenarios that can be run, each loaded when it is needed.

import type { Scenario } from '../run/case.js';
import type { ScenarioPage } from './scenario.js';

type Load = () => Promise<{ scenario: ScenarioPage }>;

const PAGES: Partial<Record<Scenario, Load>> = {
  latency: () => import('./latency.js'),
  throughput: () => import('./throughput.js'),
  generate: () => import('./generate.js'),
  'cold-start': () => import('./cold-start.js'),
  pipeline: () => import('./pipeline.js'),
};

export const SCENARIO_NAMES = Object.keys(PAGES) as Scenario[];

export async function loadScenario(name: Scenario): Promise<ScenarioPage> {
  const load = PAGES[name];
  if (load === undefined) throw new Error(`scenario ${name} has no page`);
  return (await load()).scenario;
}
