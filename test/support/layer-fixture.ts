/** Layers against PyTorch's numbers; the rule for inputs and weights is in test/golden/nn/make_layers.py. */
import { readFileSync } from "node:fs";
import { expect } from "vitest";
import type { Module } from "../../src/nn/index.ts";
import { fromTypedArray, noGrad } from "../../src/torch/index.ts";
import type { Tensor } from "../../src/torch/index.ts";
import { relativeError } from "./compare.ts";
import "./one-thread.ts";

interface LayerFixture {
  readonly shape: number[];
  readonly passes: number;
  readonly outputShape: number[];
  readonly output: number[];
  readonly inputGradient: number[];
  readonly gradients: Readonly<Record<string, number[]>>;
  readonly buffers: Readonly<Record<string, number[]>>;
  readonly evalOutput: number[];
}

const folder = new URL("../golden/nn/", import.meta.url);

/** A fixture file of test/golden/nn. */
export function readNnFixture<T>(file: string): T {
  return JSON.parse(readFileSync(new URL(file, folder), "utf8")) as T;
}

/** float64 of that shape, `value` of each flat index. */
export function filled(shape: readonly number[], value: (i: number) => number): Tensor {
  const numel = shape.reduce((product, size) => product * size, 1);
  return fromTypedArray(
    Float64Array.from({ length: numel }, (_, i) => value(i)),
    shape,
  );
}

/** Output, gradients of input and parameters, running statistics and evaluation: all within 1e-12. */
export function expectLikePyTorch(name: string, layer: Module): void {
  const fixture = readNnFixture<Record<string, LayerFixture>>("layers.json")[name];
  if (fixture === undefined) throw new TypeError(`layers.json: no ${name}`);
  layer.to("float64");
  layer.parameters().forEach((parameter, k) => {
    noGrad(() => parameter.copy_(filled(parameter.shape, (i) => 0.5 * Math.sin(0.9 * i + k + 1))));
  });
  let input = filled([0], () => 0);
  let output = input;
  for (let pass = 1; pass <= fixture.passes; pass++) {
    input = filled(fixture.shape, (i) => pass * Math.sin(0.37 * i + 0.5));
    input.requiresGrad = true;
    layer.zeroGrad();
    output = layer.call(input);
    output
      .mul(filled(output.shape, (j) => Math.cos(0.3 * j)))
      .sum()
      .backward();
  }
  expect(output.shape).toEqual(fixture.outputShape);
  const errors: Record<string, number> = {
    output: relativeError(output, fixture.output),
    inputGradient: relativeError(input.grad ?? [], fixture.inputGradient),
    evalOutput: relativeError(
      noGrad(() => layer.eval().call(input)),
      fixture.evalOutput,
    ),
  };
  expect([...layer.namedParameters().keys()]).toEqual(Object.keys(fixture.gradients));
  for (const [key, tensor] of layer.namedParameters()) {
    errors[key] = relativeError(tensor.grad ?? [], fixture.gradients[key] ?? []);
  }
  expect([...layer.namedBuffers().keys()]).toEqual(Object.keys(fixture.buffers));
  for (const [key, tensor] of layer.namedBuffers()) errors[key] = relativeError(tensor, fixture.buffers[key] ?? []);
  for (const [key, error] of Object.entries(errors)) expect(error, `${name}: ${key}`).toBeLessThanOrEqual(1e-12);
}
