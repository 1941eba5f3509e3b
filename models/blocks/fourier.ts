// Discrete Fourier transforms as matrix products. ONNX has DFT, but ONNX Runtime transforms along lengths that are no power of two
// term by term, and the width of a model rarely is one; the products run in its matrix kernels.

import {
  cast,
  cos,
  type Dim,
  div,
  type Graph,
  matmul,
  mod,
  mul,
  range,
  sin,
  sub,
  type Tensor,
  unsqueeze,
} from '../../src/graph/index.js';

/** The real part of the transform over axes 1 and 2 (torch.fft.fft2): x [batch, seq, width] -> the same shape. */
export function realFourier(x: Tensor): Tensor {
  const [places, features] = [waves(x.graph, x.dim(1)), waves(x.graph, x.dim(2))];
  return sub(matmul(places.cosines, matmul(x, features.cosines)), matmul(places.sines, matmul(x, features.sines)));
}

/** Cosines and sines of the angles 2 pi i j / size: [size, size]. Made at run time, so that nothing of that size is stored. */
function waves(g: Graph, size: Dim): { cosines: Tensor; sines: Tensor } {
  const steps = range(g, size);
  const turns = mod(mul(unsqueeze(steps, 1), unsqueeze(steps, 0)), g.size(size)); // whole numbers: exact at any length
  const angles = div(mul(cast(turns, 'float32'), 2 * Math.PI), cast(g.size(size), 'float32'));
  const { dtype } = g.options;
  return { cosines: cast(cos(angles), dtype), sines: cast(sin(angles), dtype) };
}
