// The only door to the terminal: standard output for results, standard error for everything else.

/** A reader that went away (`hfbench ... | head`) ends the program quietly. */
export function tolerateClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(0);
      if (stream === process.stderr) process.exit(1); // nowhere left to say it
      // Standard output: print() hands the error to its caller.
    });
  }
}

/** Resolves when the text has been handed to the system: a pipe may take it later than this process would like to end. */
export function print(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => (error ? reject(error) : resolve()));
  });
}

export function note(text: string): void {
  process.stderr.write(`hfbench: ${text}\n`);
}

/** Colour for people only: https://no-color.org, and FORCE_COLOR for those who pipe into a pager. */
export function wantsColor(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv = process.env): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0';
  return stream.isTTY === true && env.TERM !== 'dumb';
}
