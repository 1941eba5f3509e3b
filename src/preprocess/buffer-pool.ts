// Memory of results, used again once the caller gives it back: writing to fresh pages costs more than most kernels.

const KEPT_BYTES = 256 * 2 ** 20;

export class BufferPool {
  #free = new Map<number, ArrayBuffer[]>();
  #keptBytes = 0;

  /** Exactly `byteLength` bytes with unspecified contents, at an offset fit for any element type. */
  take(byteLength: number): Uint8Array {
    const buffer = this.#free.get(byteLength)?.pop();
    if (!buffer) return new Uint8Array(new ArrayBuffer(byteLength));
    this.#keptBytes -= byteLength;
    return new Uint8Array(buffer);
  }

  /** The caller promises not to use `bytes` any more. Beyond 256 MiB the garbage collector gets them. */
  give(bytes: Uint8Array): void {
    const buffer = bytes.buffer as ArrayBuffer;
    if (this.#keptBytes + buffer.byteLength > KEPT_BYTES) return;
    const list = this.#free.get(buffer.byteLength);
    if (list) list.push(buffer);
    else this.#free.set(buffer.byteLength, [buffer]);
    this.#keptBytes += buffer.byteLength;
  }
}
