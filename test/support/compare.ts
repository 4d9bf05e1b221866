/** Comparison of tensors with fixtures. */
import { Tensor, tensor } from "../../src/torch/index.ts";
import type { GoldenTensor } from "./golden.ts";

/** The fixture's values as a tensor of the fixture's type. */
export function toTensor({ data, shape }: GoldenTensor): Tensor {
  return tensor(data, { shape });
}

type Values = Tensor | GoldenTensor | number | readonly (number | readonly number[])[];

/** max|a - b| / max|b|; NaN when either holds one, Infinity when b is all zero and a is not. */
export function relativeError(actual: Values, expected: Values): number {
  const a = flatten(actual);
  const b = flatten(expected);
  if (b.length === 0) throw new TypeError("expected a fixture with values, got an empty one");
  if (a.length !== b.length) throw new TypeError(`expected ${b.length} values, got ${a.length}`);
  let difference = 0;
  let scale = 0;
  for (const [i, value] of b.entries()) {
    difference = Math.max(difference, Math.abs((a[i] ?? NaN) - value));
    scale = Math.max(scale, Math.abs(value));
  }
  return difference === 0 ? 0 : difference / scale;
}

function flatten(values: Values): number[] {
  if (typeof values === "number") return [values];
  if (values instanceof Tensor) return values.toArray();
  if ("data" in values) return Array.from(values.data, Number);
  return (values as readonly (number | readonly number[])[]).flat();
}
