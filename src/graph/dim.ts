// Symbolic dimensions: polynomials with whole coefficients over named sizes, e.g. 'batch', 'past + seq', '2*seq'.
// A dimension is a number or the canonical text of its polynomial, so two dimensions are equal exactly when they are ===.

export type Dim = number | string;

/** Monomial (atoms joined by '*', sorted; '' is the constant) -> coefficient. */
type Polynomial = ReadonlyMap<string, number>;

/** An atom that is a whole quotient, floor(of / by); other atoms are minima and plain names. */
export interface Quotient {
  of: Dim;
  by: number;
}

/** An atom that is min(of, cap). */
export interface Minimum {
  of: Dim;
  cap: number;
}

const polynomials = new Map<string, Polynomial>();
const quotients = new Map<string, Quotient>();
const minima = new Map<string, Minimum>();

export function polynomialOf(dim: Dim): Polynomial {
  if (typeof dim === 'number') return new Map(dim === 0 ? [] : [['', dim]]);
  return polynomials.get(dim) ?? new Map([[dim, 1]]);
}

export function quotientOf(atom: string): Quotient | undefined {
  return quotients.get(atom);
}

export function minimumOf(atom: string): Minimum | undefined {
  return minima.get(atom);
}

function canonical(terms: Map<string, number>): Dim {
  const kept = [...terms].filter(([, coefficient]) => coefficient !== 0);
  if (kept.length === 0) return 0;
  if (kept.length === 1 && kept[0][0] === '') return kept[0][1];
  kept.sort(([a], [b]) => (a === '' ? 1 : b === '' ? -1 : a < b ? -1 : 1));
  const text = kept
    .map(([monomial, coefficient]) =>
      monomial === '' ? `${coefficient}` : coefficient === 1 ? monomial : `${coefficient}*${monomial}`,
    )
    .join(' + ');
  polynomials.set(text, new Map(kept));
  return text;
}

export function dimAdd(...dims: Dim[]): Dim {
  const sum = new Map<string, number>();
  for (const dim of dims) {
    for (const [monomial, coefficient] of polynomialOf(dim)) sum.set(monomial, (sum.get(monomial) ?? 0) + coefficient);
  }
  return canonical(sum);
}

export function dimMul(...dims: Dim[]): Dim {
  let product: Map<string, number> = new Map([['', 1]]);
  for (const dim of dims) {
    const next = new Map<string, number>();
    for (const [left, a] of product) {
      for (const [right, b] of polynomialOf(dim)) {
        const monomial = [...left.split('*'), ...right.split('*')].filter(Boolean).sort().join('*');
        next.set(monomial, (next.get(monomial) ?? 0) + a * b);
      }
    }
    product = next;
  }
  return canonical(product);
}

export const dimSub = (a: Dim, b: Dim): Dim => dimAdd(a, dimMul(b, -1));

/** floor(of / by) for a positive whole `by`; exact where every coefficient divides. */
export function dimDiv(of: Dim, by: number): Dim {
  if (by === 1) return of;
  if (typeof of === 'number') return Math.floor(of / by);
  const terms = polynomialOf(of);
  if ([...terms.values()].every((coefficient) => coefficient % by === 0)) {
    return canonical(new Map([...terms].map(([monomial, coefficient]) => [monomial, coefficient / by])));
  }
  // '*' separates atoms, so it may not stand inside one.
  const atom = `floor((${of.replaceAll('*', '·')})/${by})`;
  quotients.set(atom, { of, by });
  return atom;
}

/** min(of, cap). */
export function dimMin(of: Dim, cap: number): Dim {
  if (typeof of === 'number') return Math.min(of, cap);
  const atom = `min(${of.replaceAll('*', '·')},${cap})`;
  minima.set(atom, { of, cap });
  return atom;
}

export const dimCeilDiv = (of: Dim, by: number): Dim => dimDiv(dimAdd(of, by - 1), by);

export const dimProduct = (dims: readonly Dim[]): Dim => dimMul(1, ...dims);

/** Whether a dimension's value is unknown until run time (the result of NonZero and the like). */
export const isUnknown = (dim: Dim): boolean => typeof dim === 'string' && dim.startsWith('?');

/** The value of a dimension for given sizes of its names; null where one is not given. */
export function dimValue(dim: Dim, sizes: Readonly<Record<string, number>>): number | null {
  if (typeof dim === 'number') return dim;
  let sum = 0;
  for (const [monomial, coefficient] of polynomialOf(dim)) {
    let product = coefficient;
    for (const atom of monomial.split('*').filter(Boolean)) {
      const value = atomValue(atom, sizes);
      if (value === null) return null;
      product *= value;
    }
    sum += product;
  }
  return sum;
}

function atomValue(atom: string, sizes: Readonly<Record<string, number>>): number | null {
  const [quotient, minimum] = [quotients.get(atom), minima.get(atom)];
  const inner = quotient || minimum ? dimValue((quotient ?? minimum)!.of, sizes) : (sizes[atom] ?? null);
  if (inner === null) return null;
  return quotient ? Math.floor(inner / quotient.by) : minimum ? Math.min(inner, minimum.cap) : inner;
}

export const shapeText = (shape: readonly Dim[]): string => `[${shape.join(', ')}]`;
