// Errors that a user can mend. The command line prints their message as one line and exits with their code;
// any other error is a defect of hfbench (exit code 1).

/** Exit codes of the command line: part of the interface, documented in README.md. */
export const EXIT = { ok: 0, internal: 1, usage: 2, caseFailed: 3, regression: 4, inconclusive: 5 } as const;

/**
 * Bad input: one line that says what is wrong, where, and how to mend it.
 * @example throw new UsageError(`--seq ${text}: expected a whole number from 1 on, e.g. --seq 128`);
 */
export class UsageError extends Error {
  constructor(
    message: string,
    readonly exitCode: number = EXIT.usage,
  ) {
    super(message);
    this.name = 'UsageError';
  }
}

/** A case that cannot exist, e.g. an input of strings: it becomes an 'unsupported' record, and the run goes on. */
export class UnsupportedError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'UnsupportedError';
  }
}
