// Random numbers that are the same on every machine.

/** Uniform in [0, 1): mulberry32 (Tommy Ettinger, public domain). */
export function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Standard normal, by Box and Muller. */
export function normal(seed: number): () => number {
  const next = uniform(seed);
  return () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}

/** A stationary first-order autoregressive series with mean 0 and variance 1. */
export function autoregressive(count: number, rho: number, next: () => number): Float64Array {
  const values = new Float64Array(count);
  let value = next();
  for (let i = 0; i < count; i += 1) {
    values[i] = value;
    value = rho * value + Math.sqrt(1 - rho * rho) * next();
  }
  return values;
}
