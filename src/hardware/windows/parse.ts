// Texts of Windows's own programs.

/** What the query of windows.ts prints: properties of CIM classes, a list per class (a machine has one or more of each). */
export interface CimAnswer {
  cpu: CimObject[];
  os: CimObject[];
  system: CimObject[];
  battery: CimObject[];
}

type CimObject = Record<string, unknown>;

/** @returns empty lists for what is missing or no JSON: PowerShell writes a single object without brackets, and none as null */
export function parseCim(text: string): CimAnswer {
  let answer: CimObject = {};
  try {
    answer = (JSON.parse(text) as CimObject | null) ?? {};
  } catch {
    // An error message in place of JSON: everything stays unknown.
  }
  const list = (key: string) => [answer[key] ?? []].flat() as CimObject[];
  return { cpu: list('cpu'), os: list('os'), system: list('system'), battery: list('battery') };
}

/** The names of the standard power plans depend on the language, their identifiers do not. */
const POWER_PLANS: Record<string, string> = {
  '381b4222-f694-41f0-9685-ff5bb260df2e': 'balanced',
  '8c5e7fda-e8bf-4a96-9a85-a6e23a8c635c': 'high performance',
  'a1841308-3541-4fab-bc81-f71556f20b4a': 'power saver',
  'e9a42b02-d5df-448d-aa00-03f14749eb61': 'ultimate performance',
};

/** Answer of `powercfg /getactivescheme`. */
export function parsePowerPlan(text: string): string | null {
  const [, id, name] = /([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\s+\((.*)\))?/i.exec(text) ?? [];
  return id === undefined ? null : (POWER_PLANS[id.toLowerCase()] ?? name ?? id);
}
