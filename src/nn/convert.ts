/** Dtype and device conversion of the tensors of a module. */
import { dtypes } from "../torch/index.ts";
import type { DType, Tensor } from "../torch/index.ts";
import { CoppiceError } from "../util/errors.ts";
import { shown } from "../util/shown.ts";

const floatingTypes: readonly DType[] = ["float16", "bfloat16", "float32", "float64"];

export function isFloating(dtype: DType): boolean {
  return floatingTypes.includes(dtype);
}

/**
 * `tensor` itself where it already has that dtype or device, or where `target` is a dtype and the tensor holds
 * integers (a counter stays a counter); else a converted copy without history.
 * @throws CoppiceError E_DTYPE when `target` is a dtype that is not floating-point.
 */
export function convert(tensor: Tensor, target: DType | string): Tensor {
  const dtype = dtypes.find((name) => name === target);
  if (dtype !== undefined) {
    if (!isFloating(dtype)) {
      throw new CoppiceError("E_DTYPE", `Module.to: expected a floating-point dtype or a device, got ${shown(target)}`);
    }
    if (!isFloating(tensor.dtype)) return tensor;
  }
  const converted = tensor.detach().to(target);
  return converted.dtype === tensor.dtype && converted.device === tensor.device ? tensor : converted;
}
