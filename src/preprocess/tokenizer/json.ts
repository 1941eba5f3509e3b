// Checked reading of a tokenizer.json: files are hostile until proven otherwise.

import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../util/error.js';

/** Larger than any tokenizer.json in use (Gemma 3's has 33 MB). */
const MAX_BYTES = 64 << 20;
/** Sequences inside sequences; real files have one level. */
const MAX_DEPTH = 16;

/** What the kernel does not do; the JavaScript tokenizer may. */
export class Unsupported extends Error {}

/** A value of the file together with its place, for errors such as "tokenizer.json: model.vocab: expected an object". */
export class Json {
  constructor(
    readonly value: unknown,
    readonly file: string,
    readonly path = '',
    private readonly depth = 0,
  ) {}

  fail(problem: string): never {
    throw new UsageError(`${this.file}: ${this.path ? `${this.path}: ` : ''}${problem}`);
  }

  unsupported(what: string): never {
    throw new Unsupported(`${this.path}: ${what}`);
  }

  get absent(): boolean {
    return this.value === null || this.value === undefined;
  }

  at(key: string | number): Json {
    const own = typeof this.value === 'object' && this.value !== null && Object.hasOwn(this.value, key);
    const place = typeof key === 'number' ? `[${key}]` : this.path ? `.${key}` : key;
    const value = own ? (this.value as Record<string | number, unknown>)[key] : undefined;
    return new Json(value, this.file, this.path + place, this.depth);
  }

  object(): Record<string, unknown> {
    if (typeof this.value !== 'object' || this.value === null || Array.isArray(this.value))
      this.fail('expected an object');
    return this.value as Record<string, unknown>;
  }

  array(limit: number): unknown[] {
    if (!Array.isArray(this.value)) this.fail('expected an array');
    const array = this.value as unknown[];
    if (array.length > limit) this.fail(`${array.length} entries are more than the ${limit} that are allowed`);
    return array;
  }

  items(limit = 256): Json[] {
    if (this.depth >= MAX_DEPTH) this.fail(`nested more than ${MAX_DEPTH} levels deep`);
    return this.array(limit).map((value, i) => new Json(value, this.file, `${this.path}[${i}]`, this.depth + 1));
  }

  /** A string without lone surrogates, which have no UTF-8 and so no token. */
  text(): string {
    if (typeof this.value !== 'string') this.fail('expected a string');
    if (/\p{Surrogate}/u.test(this.value as string)) this.fail('a string with half a surrogate pair');
    return this.value as string;
  }

  optionalText(): string | undefined {
    return this.absent ? undefined : this.text();
  }

  flag(fallback?: boolean): boolean {
    if (this.absent && fallback !== undefined) return fallback;
    if (typeof this.value !== 'boolean') this.fail('expected true or false');
    return this.value as boolean;
  }

  whole(low: number, high: number): number {
    const value = this.value as number;
    if (!Number.isInteger(value) || value < low || value > high)
      this.fail(`expected a whole number from ${low} to ${high}`);
    return value;
  }

  oneOf<T extends string>(words: readonly T[], fallback?: T): T {
    if (this.absent && fallback !== undefined) return fallback;
    if (!words.includes(this.value as T)) this.fail(`expected one of ${words.join(', ')}`);
    return this.value as T;
  }

  /** Refuses keys that could mean something this code does not know. */
  onlyKeys(known: readonly string[]): void {
    for (const key of Object.keys(this.object())) if (!known.includes(key)) this.unsupported(`unknown key '${key}'`);
  }
}

/**
 * Reads a tokenizer.json, or the one inside a folder.
 * @throws UsageError if it cannot be read, is larger than 64 MiB or is not JSON
 */
export function readTokenizerJson(path: string): Json {
  let file = path;
  let bytes: Buffer;
  try {
    if (statSync(file).isDirectory()) file = join(file, 'tokenizer.json');
    const info = statSync(file);
    if (!info.isFile()) throw new UsageError(`${file}: not a file`);
    if (info.size > MAX_BYTES)
      throw new UsageError(`${file}: ${info.size} bytes are more than the ${MAX_BYTES} that a tokenizer.json may have`);
    bytes = readFileSync(file);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(
      `${file}: cannot be read (${(error as NodeJS.ErrnoException).code ?? (error as Error).message})`,
    );
  }
  try {
    return new Json(JSON.parse(bytes.toString('utf8')), file);
  } catch (error) {
    throw new UsageError(`${file}: not JSON (${(error as Error).message.split('\n')[0]})`);
  }
}
