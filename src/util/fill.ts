// Deterministic values from a name and a rule: the same on every machine, so a model named X at size Y is the same model everywhere.
// Element i of the stream NAME is z = splitmix64(fnv1a64(NAME) + i * 0x9E3779B97F4A7C15) (FNV-1a: Fowler, Noll, Vo; SplitMix64:
// Steele, Lea, Flood 2014). Weights are filled by the addon with the same rule; this one makes inputs and checks the addon.

const MASK = (1n << 64n) - 1n;

function fnv1a64(name: string): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(name)) hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & MASK;
  return hash;
}

/** SplitMix64 in two 32-bit halves: BigInt is too slow for a whole zoo. */
function bits(name: string, count: number, use: (index: number, high: number, low: number) => void): void {
  const seed = fnv1a64(name);
  let [high, low] = [Number(seed >> 32n), Number(seed & 0xffffffffn)];
  for (let index = 0; index < count; index++) {
    let [h, l] = [high, low];
    // z ^= z >>> 30; z *= 0xBF58476D1CE4E5B9; z ^= z >>> 27; z *= 0x94D049BB133111EB; z ^= z >>> 31
    [h, l] = xorShift(h, l, 30);
    [h, l] = multiply(h, l, 0xbf58476d, 0x1ce4e5b9);
    [h, l] = xorShift(h, l, 27);
    [h, l] = multiply(h, l, 0x94d049bb, 0x133111eb);
    [h, l] = xorShift(h, l, 31);
    use(index, h, l);
    const sum = low + 0x7f4a7c15;
    low = sum >>> 0;
    high = (high + 0x9e3779b9 + (sum > 0xffffffff ? 1 : 0)) >>> 0;
  }
}

function xorShift(h: number, l: number, by: number): [number, number] {
  return [(h ^ (h >>> by)) >>> 0, (l ^ ((l >>> by) | (h << (32 - by)))) >>> 0];
}

function multiply(h: number, l: number, mh: number, ml: number): [number, number] {
  const [a0, a1, b0, b1] = [l & 0xffff, l >>> 16, ml & 0xffff, ml >>> 16];
  const p00 = a0 * b0;
  const middle = a1 * b0 + (p00 >>> 16) + 0;
  const cross = a0 * b1 + (middle % 0x10000);
  const low = ((cross & 0xffff) << 16) | (p00 & 0xffff);
  const carry = a1 * b1 + Math.floor(middle / 0x10000) + Math.floor(cross / 0x10000);
  const high = (carry + Math.imul(h, ml) + Math.imul(l, mh)) >>> 0;
  return [high, low >>> 0];
}

/** float32(center) + float32(scale) * u with u in [-1, 1). */
export function uniform(name: string, count: number, center: number, scale: number): Float32Array {
  const values = new Float32Array(count);
  const [c, s] = [Math.fround(center), Math.fround(scale)];
  bits(name, count, (index, high) => {
    values[index] = c + Math.fround(s * Math.fround(Math.fround((high >>> 8) * 2 ** -23) - 1));
  });
  return values;
}

/** low + z % (high - low), from the upper 31 bits of z. */
export function integers(name: string, count: number, low: number, high: number): BigInt64Array {
  const values = new BigInt64Array(count);
  bits(name, count, (index, upper) => {
    values[index] = BigInt(low + ((upper >>> 1) % (high - low)));
  });
  return values;
}

/** (center, scale) of a weight by its state-dict name and shape: norms near one, the rest small enough to keep activations in range. */
export function parameterRule(name: string, shape: readonly number[]): [center: number, scale: number] {
  const last = name.slice(name.lastIndexOf('.') + 1);
  if (shape.length <= 1) return [ONE_CENTERED.has(last) ? 1 : 0, 0.1];
  return [
    0,
    Math.fround(
      Math.sqrt(
        3 /
          Math.max(
            1,
            shape.slice(1).reduce((product, size) => product * size, 1),
          ),
      ),
    ),
  ];
}

const ONE_CENTERED = new Set([
  'weight',
  'gamma',
  'scale',
  'g',
  'running_var',
  'layer_scale_parameter',
  'lambda1',
  'lambda_1',
  'lambda_2',
]);
