/** Gradients checked against differences of the function itself: independent of any formula of ours or PyTorch's. */
import { fromTypedArray, grad, noGrad } from "../../src/torch/index.ts";
import type { Tensor } from "../../src/torch/index.ts";
import "./one-thread.ts";

const step = 1e-5;

/**
 * Largest error of the gradient of `fn` with respect to `inputs` (float64, contiguous), relative to its largest entry.
 * Central differences, so about 1e-9 where the gradient is right and nothing has a kink nearby. `fn` gives any shape.
 */
export function gradientError(fn: () => Tensor, inputs: readonly Tensor[]): number {
  const loss = (): Tensor => {
    const output = fn();
    const weights = Float64Array.from({ length: output.numel }, (_, i) => Math.cos(1.7 * i + 0.2));
    return output.mul(fromTypedArray(weights, output.shape)).sum();
  };
  for (const input of inputs) input.requiresGrad = true;
  const exact = grad([loss()], inputs).flatMap((gradient) => gradient.toArray());
  const measured = inputs.flatMap((input) => {
    const values = noGrad(() => input.detach()).data() as Float64Array;
    return Array.from(values, (value, i) => {
      const at = (shifted: number): number => {
        values[i] = shifted;
        return noGrad(loss).item();
      };
      const difference = at(value + step) - at(value - step);
      values[i] = value;
      return difference / (2 * step);
    });
  });
  const scale = Math.max(...exact.map(Math.abs));
  return Math.max(...exact.map((value, i) => Math.abs(value - (measured[i] ?? NaN)))) / scale;
}
