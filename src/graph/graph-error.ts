// A mistake in a graph, told with the line that made it.

/** Two shapes, types or options that do not go together. The message ends with the file and line of the page or block. */
export class GraphError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'GraphError';
    const frame = (this.stack ?? '')
      .split('\n')
      .slice(1)
      .find((line) => !/[/\\](src[/\\]graph|node:)/.test(line));
    const place = /\(?((?:file:\/\/)?[^()\s]+:\d+):\d+\)?$/.exec(frame ?? '')?.[1];
    if (place) this.message += ` (at ${place.replace(/^.*[/\\](?=(?:models|src|test)[/\\])/, '')})`;
  }
}
