/**
 * The live weights of one convolution as a flat parameter, in the order in which kernels read them: output channel, column,
 * row, input channel.
 *
 * Symbols    O output channels · I input channels · H, W kernel · S live weights
 */
import { arange, type Tensor } from "../torch/index.ts";

/** Flat indices of the live weights in the weight [O, I, H, W], int64 [S]. @param kept any dtype, non-zero lives; null: all */
export function liveIndices(shape: readonly number[], kept: Tensor | null): Tensor {
  const numel = shape.reduce((product, size) => product * size, 1);
  const indices = arange(0, numel, 1, { dtype: "int64" }).view(shape).permute([0, 3, 2, 1]).contiguous();
  if (kept === null) return indices.flatten();
  return indices.maskedSelect(kept.ne(0).permute([0, 3, 2, 1]));
}

/** The weights [O, I, H, W] at `indices_S`: [S]. */
export function gather(weight_OIHW: Tensor, indices_S: Tensor): Tensor {
  return weight_OIHW.detach().flatten().indexSelect(0, indices_S);
}

/** Writes `values_S` to `indices_S` of `weight_OIHW` and zero elsewhere, in place. */
export function scatter(weight_OIHW: Tensor, indices_S: Tensor, values_S: Tensor): void {
  weight_OIHW.detach().zero_().view([-1]).indexCopy_(0, indices_S, values_S.detach());
}
