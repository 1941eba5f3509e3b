// Something that makes a measurement less trustworthy, found and said; it never stops a run.

export interface Warning {
  /** Stable kebab-case word, e.g. 'high-load', 'cpu-governor', 'drift'. */
  code: string;
  /** What was seen, with its number. */
  message: string;
  /** What the user can do about it. */
  advice: string;
}
