// What proves that a case measured what it says: which provider ran which nodes, and whether the outputs are right. Types only.

export interface ProviderShare {
  /** ONNX Runtime's name. */
  provider: string;
  nodes: number;
  /** Of one run; null where only the assignment is known. */
  timeNs: number | null;
}

export interface Placement {
  /**
   * `profile`: nodes that ran, of a run that is not among the samples. `assignment`: nodes of the graph as given to the providers,
   * which says more where a provider fuses many into one. `sole`: no other provider than the CPU's took part.
   */
  source: 'profile' | 'assignment' | 'sole';
  /** Share of the nodes, and of the time of nodes, on the provider asked for, 0 to 1. */
  nodeShare: number;
  timeShare: number | null;
  providers: ProviderShare[];
  /** Operators that ran on another provider, with how many nodes, the most first. */
  fallback: { op: string; nodes: number }[];
}

/** Against the CPU provider on the same weights and inputs. */
export type Verification =
  /** The case is itself what others are compared with. */
  | { state: 'reference' }
  | { state: 'agrees' | 'differs'; output: string; error: number; tolerance: number }
  | { state: 'off' }
  /** There is nothing to compare with: why. */
  | { state: 'unavailable'; reason: string };

export interface Evidence {
  placement: Placement | null;
  verification: Verification;
  deviceMemory: string | null;
}
