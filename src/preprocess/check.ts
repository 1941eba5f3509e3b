// Checks of options and inputs. Each throws a UsageError that names the place, what was expected and what came.

import { UsageError } from '../util/error.js';

function show(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 40 ? `${text.slice(0, 37)}...` : text;
}

export function refuse(where: string, expected: string, value: unknown): never {
  throw new UsageError(`${where}: expected ${expected}, got ${show(value)}`);
}

export function whole(where: string, value: unknown, low = 1, high = 2 ** 30): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high) return value;
  return refuse(where, `a whole number from ${low} to ${high}`, value);
}

/** A finite number that is still finite as float32. */
export function finite(where: string, value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(Math.fround(value))) return value;
  return refuse(where, 'a finite number', value);
}

/** A finite number whose float32 is above zero. */
export function positive(where: string, value: unknown): number {
  if (Math.fround(finite(where, value)) > 0) return value as number;
  return refuse(where, 'a number above zero', value);
}

export function flag(where: string, value: unknown): boolean {
  return typeof value === 'boolean' ? value : refuse(where, 'true or false', value);
}

export function oneOf<T extends string>(where: string, value: unknown, choices: readonly T[]): T {
  return choices.find((choice) => choice === value) ?? refuse(where, `one of ${choices.join(', ')}`, value);
}

export function object(where: string, value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  return refuse(where, 'an object', value);
}
