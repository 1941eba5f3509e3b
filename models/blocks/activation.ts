// Activation functions by their names in transformers (ACT2FN).

import {
  add,
  clip,
  elu,
  erf,
  hardSwish,
  leakyRelu,
  mul,
  pow,
  relu,
  sigmoid,
  softplus,
  sub,
  type Tensor,
  tanh,
} from '../../src/graph/index.js';
import { UsageError } from '../../src/util/error.js';

/** x * Phi(x): the exact form. */
const gelu = (x: Tensor): Tensor =>
  x.graph.options.opset >= 20
    ? x.graph.node('Gelu', [x], { approximate: 'none' }, [{ dtype: x.dtype, shape: x.shape }])[0]
    : mul(mul(x, 0.5), add(erf(mul(x, Math.SQRT1_2)), 1));

/** Hendrycks and Gimpel's tanh approximation. */
const geluTanh = (x: Tensor): Tensor =>
  x.graph.options.opset >= 20
    ? x.graph.node('Gelu', [x], { approximate: 'tanh' }, [{ dtype: x.dtype, shape: x.shape }])[0]
    : mul(mul(x, 0.5), add(tanh(mul(add(x, mul(pow(x, 3), 0.044715)), Math.sqrt(2 / Math.PI))), 1));

/** x * sigmoid(alpha * x). */
const swish =
  (alpha: number) =>
  (x: Tensor): Tensor =>
    x.graph.options.style === 'fused'
      ? x.graph.node(
          'QuickGelu',
          [x],
          { alpha: { float: alpha } },
          [{ dtype: x.dtype, shape: x.shape }],
          'com.microsoft',
        )[0]
      : mul(x, sigmoid(alpha === 1 ? x : mul(x, alpha)));

const silu = swish(1);

const FUNCTIONS: Record<string, (x: Tensor) => Tensor> = {
  gelu,
  gelu_python: gelu,
  gelu_new: geluTanh,
  gelu_fast: geluTanh,
  gelu_pytorch_tanh: geluTanh,
  gelu_python_tanh: geluTanh,
  gelu_accurate: geluTanh,
  gelu_10: (x) => clip(gelu(x), -10, 10),
  quick_gelu: swish(1.702),
  relu,
  relu2: (x) => pow(relu(x), 2),
  relu6: (x) => clip(x, 0, 6),
  silu,
  swish: silu,
  mish: (x) => mul(x, tanh(softplus(x))),
  tanh,
  sigmoid,
  softplus,
  elu: (x) => elu(x),
  leaky_relu: (x) => leakyRelu(x, 0.01),
  hardswish: hardSwish,
  laplace: (x) => mul(add(erf(mul(sub(x, Math.SQRT1_2), 1 / (0.282095 * Math.SQRT2))), 1), 0.5),
  linear: (x) => x,
};

/** Names that `activation` knows. */
export const ACTIVATIONS = Object.keys(FUNCTIONS);

/** @throws UsageError for a name that transformers does not know either */
export function activation(name: string): (x: Tensor) => Tensor {
  const found = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (!found) throw new UsageError(`the activation '${name}' is not supported; known: ${ACTIVATIONS.join(', ')}`);
  return found;
}
