// What the planner has to know of a zoo model, without loading its page.

export interface CatalogEntry {
  /** Public name, e.g. 'bert'. */
  name: string;
  category: string;
  family: string;
  /** Names of its checkpoints and sizes; the first is the default. Each can be asked for by itself. */
  variants: readonly string[];
  /** Whether it has a sequence dimension. */
  hasSeq: boolean;
  /** False for names that are listed but cannot be built yet. */
  ready: boolean;
}
