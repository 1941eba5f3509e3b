// Numbers for people: SI prefixes, durations, bytes. Three significant digits unless told otherwise; never an exponent. No prefix
// goes below one: 241 m/s would be read as metres.

/** A number split for alignment: '4.92' and 'µs'. */
export interface Quantity {
  text: string;
  unit: string;
}

type Scale = readonly (readonly [factor: number, symbol: string])[];

const DURATION: Scale = [
  [1e9, 's'],
  [1e6, 'ms'],
  [1e3, 'µs'],
  [1, 'ns'],
];
const BYTES: Scale = [
  [2 ** 40, 'TiB'],
  [2 ** 30, 'GiB'],
  [2 ** 20, 'MiB'],
  [2 ** 10, 'KiB'],
  [1, 'B'],
];
const SI: Scale = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
  [1, ''],
];

/** A whole number is written out; any other keeps `digits` significant digits, trailing zeros included. */
export function formatNumber(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return '';
  if (Number.isInteger(value) && Math.abs(value) < 10 ** digits) return String(value);
  return fixed(value, digits);
}

/** From nanoseconds: `4.92 µs`, `12.0 ms`. Minutes are not used: 90 s is `90.0 s`. */
export function formatDuration(ns: number, digits = 3): string {
  return join(durationOf(ns, digits));
}

/** Binary units, as systems report memory: `438 MiB`. */
export function formatBytes(bytes: number, digits = 3): string {
  return join(bytesOf(bytes, digits));
}

/** Decimal prefixes before the unit: `formatSi(2.4e9, 'FLOP/s')` is `2.40 GFLOP/s`. */
export function formatSi(value: number, unit: string, digits = 3): string {
  return join(siOf(value, unit, digits));
}

/** A ratio as a percentage: 0.1234 is `12.3 %`. */
export function formatPercent(ratio: number, digits = 3): string {
  return join(percentOf(ratio, digits));
}

export function durationOf(ns: number, digits = 3): Quantity {
  return scaled(ns, DURATION, '', digits);
}

export function bytesOf(bytes: number, digits = 3): Quantity {
  return scaled(bytes, BYTES, '', digits);
}

export function siOf(value: number, unit: string, digits = 3): Quantity {
  return scaled(value, SI, unit, digits);
}

export function percentOf(ratio: number, digits = 3): Quantity {
  return { text: formatNumber(ratio * 100, digits), unit: '%' };
}

function join({ text, unit }: Quantity): string {
  return unit === '' ? text : `${text} ${unit}`;
}

/** Rounds before it picks the prefix, so that 999.9 µs becomes 1.00 ms and not 1000 µs. */
function scaled(value: number, scale: Scale, unit: string, digits: number): Quantity {
  const rounded = Math.max(Math.abs(value), Math.abs(Number(value.toPrecision(digits))));
  const whole = scale.findIndex(([factor]) => factor === 1);
  const index = rounded === 0 ? whole : scale.findIndex(([factor]) => rounded >= factor);
  const [factor, symbol] = scale[index < 0 ? scale.length - 1 : index]!;
  return { text: factor === 1 ? formatNumber(value, digits) : fixed(value / factor, digits), unit: symbol + unit };
}

function fixed(value: number, digits: number): string {
  if (value === 0) return '0';
  const exponent = Number(value.toExponential(digits - 1).split('e')[1]);
  return value.toFixed(Math.min(100, Math.max(0, digits - 1 - exponent)));
}
