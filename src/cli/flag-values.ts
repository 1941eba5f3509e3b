// Reads the values of flags and of the configuration file: both take the same words, and refuse the same ones alike.

import { type ProviderRequest, parseProviders } from '../provider/ep-list.js';
import { UsageError } from '../util/error.js';
import { didYouMean } from '../util/suggest.js';

/** @param where the flag or key, for the message. @throws UsageError */
export type Reader<T> = (value: unknown, where: string) => T;

function refuse(where: string, value: unknown, expected: string): never {
  const shown = typeof value === 'string' ? value : JSON.stringify(value);
  throw new UsageError(`${where} ${shown}: expected ${expected}`);
}

export const text: Reader<string> = (value, where) => {
  if (typeof value !== 'string' || value === '') refuse(where, value, 'some text');
  return value;
};

export const yes: Reader<boolean> = (value, where) => {
  if (typeof value !== 'boolean') refuse(where, value, 'true or false');
  return value;
};

/** A comma list, or in the configuration file an array. Empty parts are refused. */
export function list<T>(item: Reader<T>): Reader<T[]> {
  return (value, where) => {
    const parts = Array.isArray(value)
      ? value
      : typeof value === 'string'
        ? value.split(',').map((part) => part.trim())
        : [value];
    if (parts.length === 0 || parts.includes('')) refuse(where, value, 'a list without empty parts, e.g. a,b');
    return [...new Set(parts.map((part) => item(part, where)))];
  };
}

export function whole(least: number, most: number, example: string): Reader<number> {
  return (value, where) => {
    const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
    if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < least || number > most) {
      refuse(where, value, `a whole number from ${least} to ${most}, e.g. ${example}`);
    }
    return number;
  };
}

export function oneOf<const T extends string>(names: readonly T[]): Reader<T> {
  return (value, where) => {
    if (!names.includes(value as T)) {
      const near = typeof value === 'string' ? didYouMean(value, names) : '';
      refuse(where, value, `one of ${names.join(', ')}${near}`);
    }
    return value as T;
  };
}

const UNITS: Record<string, number> = { ns: 1, us: 1e3, ms: 1e6, s: 1e9, m: 60e9, min: 60e9, h: 3600e9 };

/** Seconds unless a unit follows: `2`, `500ms`, `1.5m`. Returns nanoseconds. */
export const duration: Reader<number> = (value, where) => {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/.exec(String(value));
  const factor = match === null ? undefined : UNITS[match[2] || 's'];
  const ns = factor === undefined ? Number.NaN : Number(match![1]) * factor;
  if (!(ns >= 0 && ns <= 30 * 86_400e9)) refuse(where, value, 'a duration, e.g. 2s, 500ms or 5m');
  return ns;
};

/** `1%` or `0.01`; up to half. */
export const ratio: Reader<number> = (value, where) => {
  const match = /^(\d+(?:\.\d+)?)\s*(%?)$/.exec(String(value));
  const number = match === null ? Number.NaN : Number(match[1]) / (match[2] ? 100 : 1);
  if (!(number > 0 && number <= 0.5)) refuse(where, value, 'a percentage up to 50 %, e.g. 1% or 0.01');
  return number;
};

/** `cpu,cuda:device_id=1`; in the configuration file also an array of such texts. */
export const providers: Reader<ProviderRequest[]> = (value, where) => {
  const list = [value].flat().flatMap((one) => parseProviders(text(one, where), where));
  return [...new Map(list.map((request) => [JSON.stringify(request), request])).values()];
};

/** `key=value` pairs, repeated or as a comma list; in the configuration file an object. */
export function pairs<T>(item: Reader<T>): Reader<Record<string, T>> {
  return (value, where) => {
    const entries: [string, unknown][] = [];
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) entries.push(...Object.entries(value));
    else {
      for (const part of [value].flat().flatMap((one) => String(one).split(','))) {
        const at = part.indexOf('=');
        if (at < 1) refuse(where, part, 'name=value');
        entries.push([part.slice(0, at).trim(), part.slice(at + 1).trim()]);
      }
    }
    const read: Record<string, T> = Object.create(null);
    for (const [key, one] of entries) read[key] = item(one, `${where} ${key}=`.trim());
    return { ...read };
  };
}
