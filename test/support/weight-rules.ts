/** The two rules of the model fixtures (golden README, section models): weights any language can rebuild. */
import type { Module } from "../../src/nn/index.ts";
import { fromTypedArray, noGrad } from "../../src/torch/index.ts";
import type { Tensor } from "../../src/torch/index.ts";

export type WeightRule = "sine" | "hash";

/** Overwrites every parameter and the running statistics; computed in double precision, rounded to the model's type. */
export function fillByRule(model: Module, rule: WeightRule): void {
  const weights = rule === "sine" ? sine : hash;
  [...model.namedParameters()].forEach(([name, parameter], k) => {
    const norm = /(?:bn\d|downsample\.1)\.(weight|bias)$/.exec(name)?.[1];
    if (norm === undefined) fill(parameter, weights(parameter, k));
    else if (norm === "weight")
      fill(
        parameter,
        generate(parameter, (i) => 1 + 0.1 * Math.sin(i + k)),
      );
    else
      fill(
        parameter,
        generate(parameter, (i) => 0.05 * Math.cos(i + k)),
      );
  });
  for (const [name, buffer] of model.namedBuffers()) {
    if (name.endsWith(".running_mean"))
      fill(
        buffer,
        generate(buffer, (i) => 0.02 * Math.sin(i)),
      );
    if (name.endsWith(".running_var"))
      fill(
        buffer,
        generate(buffer, (i) => 1 + 0.1 * Math.cos(i)),
      );
  }
}

/** x[flat] = 0.5 + 0.5 sin(0.13 flat). */
export function ruleInput(shape: readonly number[], dtype: "float32" | "float64"): Tensor {
  const numel = shape.reduce((product, size) => product * size, 1);
  const values = Float64Array.from({ length: numel }, (_, i) => 0.5 + 0.5 * Math.sin(0.13 * i));
  return fromTypedArray(values, shape).to(dtype);
}

function fill(target: Tensor, values: Float64Array): void {
  using source = fromTypedArray(values, target.shape);
  noGrad(() => target.copy_(source));
}

function generate({ numel }: Tensor, value: (i: number) => number): Float64Array {
  return Float64Array.from({ length: numel }, (_, i) => value(i));
}

// Plain loops: a large network has tens of millions of weights.
function sine({ numel }: Tensor, k: number): Float64Array {
  const values = new Float64Array(numel);
  for (let i = 0; i < numel; i++) values[i] = 0.05 * Math.sin(0.37 * (i + 1) + k);
  return values;
}

function hash({ shape, numel }: Tensor, k: number): Float64Array {
  const values = new Float64Array(numel);
  const scale = shape.length === 1 ? 0.05 : Math.sqrt(6 / (numel / (shape[0] ?? 1)));
  const key = Math.imul(k + 1, 0x85ebca6b);
  for (let i = 0; i < numel; i++) {
    let h = Math.imul(i + 1, 0x9e3779b1) ^ key;
    h = Math.imul(h ^ (h >>> 16), 0x7feb352d);
    h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
    h ^= h >>> 16;
    values[i] = (2 * ((h >>> 0) / 2 ** 32) - 1) * scale;
  }
  return values;
}
