/** Equal values once, in order of first appearance: a report holds its environments and runtimes so. */
export class Pool<T> {
  readonly items: T[] = [];
  readonly #indices = new Map<string, number>();

  indexOf(item: T): number {
    const key = JSON.stringify(item);
    const index = this.#indices.get(key) ?? this.items.push(item) - 1;
    this.#indices.set(key, index);
    return index;
  }
}
