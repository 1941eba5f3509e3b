// The graph under construction: nodes in order of evaluation, parameters, constants, inputs, outputs.
// Shapes and types are known as soon as a node is added. Equal nodes are made once.

import { toBfloat16, toFloat16 } from '../util/half.js';
import { type DType, elementCount } from '../util/tensor.js';
import { type Dim, dimSub, dimValue, minimumOf, polynomialOf, quotientOf } from './dim.js';
import { GraphError } from './graph-error.js';
import { Scope } from './scope.js';
import { Tensor } from './tensor.js';

export type FloatType = 'float32' | 'float16' | 'bfloat16';

export interface GraphOptions {
  /** Type of parameters and activations. */
  dtype: FloatType;
  /** Storage of the weights of linear layers, where it differs from dtype. */
  linearWeights: 'plain' | 'int8' | 'int4';
  /** `standard`: ONNX operators only. `fused`: ONNX Runtime's contrib operators where they exist. */
  style: 'standard' | 'fused';
  /**
   * `plain`: whole sequence in one run. `cached`: past state in, present state out; for encoder-decoders a step of the decoder.
   * `encode`: the encoder of an encoder-decoder alone, giving what the `cached` form takes (models/blocks/cache.ts).
   */
  form: 'plain' | 'encode' | 'cached';
  opset: number;
}

export const DEFAULT_OPTIONS: GraphOptions = {
  dtype: 'float32',
  linearWeights: 'plain',
  style: 'standard',
  form: 'plain',
  opset: 20, // the newest that ONNX Runtime 1.17 (the oldest we load) knows
};

export type Attribute =
  | number
  | string
  | number[]
  | string[]
  | { float: number }
  | { floats: number[] }
  | { graph: Graph }
  | { tensor: Constant };

export interface Node {
  op: string;
  /** '' is ONNX, 'com.microsoft' ONNX Runtime's own operators. */
  domain: string;
  name: string;
  /** Null stands for an optional input that is left out. */
  inputs: (Tensor | null)[];
  /** Null stands for an optional output that is not asked for. */
  outputs: (Tensor | null)[];
  attributes: Record<string, Attribute>;
}

/** A weight. `shape` is the state dict's; a `transposed` one is stored [in, out] where the state dict has [out, in]. */
export interface Parameter {
  name: string;
  /** Name and shape of the state-dict entry that the values come from (differs from `name` for packed parts). */
  source: string;
  shape: number[];
  transposed: boolean;
  dtype: DType;
  storedShape: number[];
  /** Part of the state dict that is no parameter (running statistics): not counted. */
  buffer?: boolean;
  /** Values for a checkpoint that leaves the entry out, as transformers makes them. Without it a missing entry is an error. */
  absent?: () => Float32Array;
  /** Where `shape` is a slice of the entry (one expert of a stack): the whole shape, and the slice's first element in it. */
  slice?: { of: number[]; start: number };
  pack?: { scheme: 'int8-column' | 'int4-block32'; part: 'values' | 'scales'; inOut?: boolean };
}

export type ParameterOptions = Partial<
  Pick<Parameter, 'name' | 'transposed' | 'dtype' | 'storedShape' | 'buffer' | 'absent' | 'slice' | 'pack'>
>;

export interface Constant {
  name: string;
  dtype: DType;
  shape: number[];
  data: Uint8Array;
}

/** Type and shape of one result of a node. */
export interface Result {
  dtype: DType;
  shape: readonly Dim[];
}

export class Graph {
  readonly nodes: Node[] = [];
  readonly inputs: Tensor[] = [];
  readonly outputs: { name: string; tensor: Tensor }[] = [];
  /** Carried from run to run in the cached form: the output of one run is the input of the next. */
  readonly states: { input: string; output: string }[] = [];
  /** Dimensions that tables of the weights bound: a run in which one is larger fails. */
  readonly limits: { dim: Dim; most: number }[] = [];
  readonly parameters: Map<string, Parameter>;
  readonly constants: Map<string, Constant>;
  /** Parameters of the class that no output depends on, by name: they count, and are not stored. */
  readonly unused: Map<string, number[]> = new Map();
  readonly options: GraphOptions;
  /** Dimensions known at run time only that are parts of a whole: the whole, and into how many it is cut. */
  readonly shares: Map<string, { of: Dim; by: number }>;
  private readonly made = new Map<string, Tensor[]>();
  /** The tensor that carries each dimension; a body looks in its parent too. */
  private readonly origins = new Map<string, Tensor>();
  private readonly defined = new Map<string, Tensor>();
  private readonly names: Set<string>;
  private readonly counter: { value: number };

  /** With `parent`, a body of Scan, Loop or If: it sees the parent's tensors and shares its parameters and names. */
  constructor(
    options: Partial<GraphOptions> = {},
    readonly parent: Graph | null = null,
  ) {
    this.options = parent ? parent.options : { ...DEFAULT_OPTIONS, ...options };
    this.parameters = parent ? parent.parameters : new Map();
    this.constants = parent ? parent.constants : new Map();
    this.names = parent ? parent.names : new Set();
    this.shares = parent ? parent.shares : new Map();
    this.counter = parent ? parent.counter : { value: 0 };
  }

  get depth(): number {
    return this.parent ? this.parent.depth + 1 : 0;
  }

  get root(): Graph {
    return this.parent ? this.parent.root : this;
  }

  /** A scope whose parameters are named `<path>.<name>`, as in a checkpoint's state dict. */
  at(path: string): Scope {
    return new Scope(this, path);
  }

  /** The scopes `<path>.0` to `<path>.<count - 1>`. */
  layers(path: string, count: number): Scope[] {
    return new Scope(this, '').layers(path, count);
  }

  input(name: string, dtype: DType, shape: readonly Dim[]): Tensor {
    const tensor = this.claim(name, dtype, shape, '');
    this.inputs.push(tensor);
    return tensor;
  }

  /** A state from an earlier run; `nextState` with the same names tells what the next run gets. */
  pastState(input: string, dtype: DType, shape: readonly Dim[]): Tensor {
    return this.root.input(input, dtype, shape);
  }

  nextState(input: string, output: string, tensor: Tensor): void {
    this.root.states.push({ input, output });
    this.root.output(output, tensor);
  }

  output(name: string, tensor: Tensor): void {
    this.outputs.push({ name, tensor });
  }

  /** A constant tensor; equal constants are stored once. */
  constant(values: ArrayLike<number> | number, dtype: DType, shape?: number[]): Tensor {
    const list = typeof values === 'number' ? [values] : Array.from(values);
    const size = shape ?? (typeof values === 'number' ? [] : [list.length]);
    if (elementCount(size) !== list.length)
      throw new GraphError(`constant of ${list.length} values cannot have shape [${size}]`);
    return this.constantBytes(encodeValues(list, dtype), dtype, size);
  }

  constantBytes(data: Uint8Array, dtype: DType, shape: number[]): Tensor {
    const key = `${dtype}|${shape}|${Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64')}`;
    const known = this.root.made.get(key);
    if (known) return known[0];
    const tensor = this.root.claim(this.uniqueName('constant'), dtype, shape, '');
    this.constants.set(tensor.name, { name: tensor.name, dtype, shape, data });
    this.root.made.set(key, [tensor]);
    return tensor;
  }

  /** A weight named as in the state dict. Asking again for the same name gives the same tensor: tied weights are one. */
  parameter(source: string, shape: number[], stored: ParameterOptions = {}): Tensor {
    const name = stored.name ?? source;
    const transposed = stored.transposed ?? false;
    const known = this.parameters.get(name);
    if (known) {
      if (`${known.shape}` !== `${shape}` || known.transposed !== transposed) {
        throw new GraphError(`parameter ${name} is used as [${shape}] and as [${known.shape}] (or in two layouts)`);
      }
      return this.root.made.get(`parameter ${name}`)![0];
    }
    if (shape.some((size) => !Number.isInteger(size) || size < 0))
      throw new GraphError(`parameter ${name} has shape [${shape}]: sizes must be whole numbers`);
    const dtype = stored.dtype ?? this.options.dtype;
    const storedShape = stored.storedShape ?? (transposed ? [...shape].reverse() : shape);
    const tensor = this.root.claim(name, dtype, storedShape, source.slice(0, Math.max(0, source.lastIndexOf('.'))));
    this.parameters.set(name, {
      name,
      source,
      shape,
      transposed,
      dtype,
      storedShape,
      ...(stored.buffer ? { buffer: true } : {}),
      ...(stored.absent ? { absent: stored.absent } : {}),
      ...(stored.slice ? { slice: stored.slice } : {}),
      ...(stored.pack ? { pack: stored.pack } : {}),
    });
    this.root.made.set(`parameter ${name}`, [tensor]);
    return tensor;
  }

  /** Adds a node (or finds its equal) and returns its outputs. Operators in ops/ call it with inferred results. */
  node(
    op: string,
    inputs: (Tensor | null)[],
    attributes: Record<string, Attribute>,
    results: Result[],
    domain = '',
  ): Tensor[] {
    const key = `${domain}:${op}(${inputs.map((input) => input?.name ?? '')})${JSON.stringify(attributes, (_, value) => (value instanceof Graph ? this.counter.value++ : value))}`;
    const known = this.made.get(key);
    if (known && known.length === results.length) return known;
    const origin =
      inputs.find((input) => input && this.parameters.has(input.name))?.origin ||
      inputs.find((input) => input?.origin)?.origin ||
      '';
    const name = this.uniqueName(origin ? `${origin}/${op}` : op);
    if (results.length !== 1) this.names.add(name); // its outputs have names of their own
    const outputs = results.map((result, index) =>
      this.claim(results.length === 1 ? name : `${name}:${index}`, result.dtype, result.shape, origin),
    );
    this.nodes.push({ op, domain, name, inputs, outputs, attributes });
    this.made.set(key, outputs);
    return outputs;
  }

  /** A dimension known only at run time. */
  unknownDim(): Dim {
    return `?${this.counter.value++}`;
  }

  /** The value of a dimension as an int64 tensor [1], computed from the shapes of inputs where it is symbolic. */
  size(dim: Dim): Tensor {
    if (typeof dim === 'number') return this.constant([dim], 'int64');
    let sum: Tensor | null = null;
    const int = (op: string, a: Tensor, b: Tensor): Tensor =>
      this.node(op, [a, b], {}, [{ dtype: 'int64', shape: [1] }])[0];
    for (const [monomial, coefficient] of polynomialOf(dim)) {
      let product: Tensor | null = coefficient === 1 && monomial !== '' ? null : this.constant([coefficient], 'int64');
      for (const atom of monomial.split('*').filter(Boolean)) {
        const [quotient, minimum] = [quotientOf(atom), minimumOf(atom)];
        const value: Tensor = quotient
          ? int('Div', this.size(quotient.of), this.constant([quotient.by], 'int64'))
          : minimum
            ? int('Min', this.size(minimum.of), this.constant([minimum.cap], 'int64'))
            : this.atomSize(atom);
        product = product ? int('Mul', product, value) : value;
      }
      sum = sum ? int('Add', sum, product!) : product!;
    }
    return sum ?? this.constant([0], 'int64');
  }

  /** Says that no run may have more than `most` of a dimension. */
  limit(dim: Dim, most: number): void {
    const known = polynomialOf(dim).get('') ?? 0;
    this.root.limits.push({ dim: dimSub(dim, known), most: most - known });
  }

  /** Says how a dimension that no input carries alone is computed: `value` is int64 [1]. */
  defineDim(name: string, value: Tensor): void {
    this.root.defined.set(name, value);
  }

  private atomSize(atom: string): Tensor {
    const defined = this.root.defined.get(atom);
    if (defined) return defined;
    const carrier = this.carrierOf(atom);
    if (!carrier) throw new GraphError(`no input carries the dimension '${atom}'`);
    const axis = carrier.shape.indexOf(atom);
    return this.node('Shape', [carrier], { start: axis, end: axis + 1 }, [{ dtype: 'int64', shape: [1] }])[0];
  }

  private carrierOf(atom: string): Tensor | undefined {
    return this.origins.get(atom) ?? this.parent?.carrierOf(atom);
  }

  /** Values of the symbolic dimensions of the inputs that `sizes` leaves open, by name. */
  symbols(): string[] {
    const found = new Set<string>();
    for (const input of this.inputs)
      for (const dim of input.shape) if (typeof dim === 'string' && dimValue(dim, {}) === null) found.add(dim);
    return [...found];
  }

  /** A copy under a name of its own (never shared with an equal node). */
  identity(tensor: Tensor, name = this.uniqueName('identity')): Tensor {
    const copy = this.claim(name, tensor.dtype, tensor.shape, tensor.origin);
    this.nodes.push({ op: 'Identity', domain: '', name, inputs: [tensor], outputs: [copy], attributes: {} });
    return copy;
  }

  /** `stem`, with a number behind it where the name is taken. */
  uniqueName(stem: string): string {
    let name = stem;
    while (this.names.has(name)) name = `${stem}_${this.counter.value++}`;
    return name;
  }

  private claim(name: string, dtype: DType, shape: readonly Dim[], origin: string): Tensor {
    if (this.names.has(name)) throw new GraphError(`the name '${name}' is taken`);
    this.names.add(name);
    const tensor = new Tensor(this, name, dtype, shape, origin);
    for (const dim of shape) {
      if (
        typeof dim === 'string' &&
        !this.carrierOf(dim) &&
        polynomialOf(dim).has(dim) &&
        !quotientOf(dim) &&
        !minimumOf(dim)
      )
        this.origins.set(dim, tensor);
    }
    return tensor;
  }
}

const ENCODERS: Partial<Record<DType, (values: number[]) => ArrayBufferView>> = {
  float32: (values) => Float32Array.from(values),
  float64: (values) => Float64Array.from(values),
  int64: (values) => BigInt64Array.from(values, (value) => BigInt(Math.trunc(value))),
  int32: (values) => Int32Array.from(values),
  int8: (values) => Int8Array.from(values),
  uint8: (values) => Uint8Array.from(values),
  bool: (values) => Uint8Array.from(values, (value) => (value ? 1 : 0)),
  float16: (values) => Uint16Array.from(values, toFloat16),
  bfloat16: (values) => Uint16Array.from(values, toBfloat16),
};

function encodeValues(values: number[], dtype: DType): Uint8Array {
  const encoder = ENCODERS[dtype];
  if (!encoder) throw new GraphError(`constants of type ${dtype} cannot be made`);
  const view = encoder(values);
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}
