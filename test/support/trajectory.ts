/** Optimisers against PyTorch's and the reference implementation's trajectories, all in float64. */
import { readFileSync } from "node:fs";
import { expect } from "vitest";
import type { Optimizer } from "../../src/optim/index.ts";
import { noGrad, scope, tensor } from "../../src/torch/index.ts";
import type { Tensor } from "../../src/torch/index.ts";
import { relativeError } from "./compare.ts";
import { readGoldenJson } from "./golden.ts";
import { filled } from "./layer-fixture.ts";

type Build = (parameters: ReadonlyMap<string, Tensor>) => Optimizer;
type BuildWith = (parameters: ReadonlyMap<string, Tensor>, options: QuadraticOptions) => Optimizer;

const folder = new URL("../golden/optim/", import.meta.url);

/** A fixture file of test/golden/optim. */
export function readOptimFixture<T>(file: string): T {
  return JSON.parse(readFileSync(new URL(file, folder), "utf8")) as T;
}

/** The two parameters of make_optim.py. */
export function sampleParameters(): Map<string, Tensor> {
  const a = filled([4], Math.sin);
  const b = filled([2, 3], (i) => Math.sin(i + 1));
  a.requiresGrad = true;
  b.requiresGrad = true;
  return new Map([
    ["a", a],
    ["b", b],
  ]);
}

/** Step `t` of make_optim.py: gradients by its rule, none for the second parameter in step 1. */
export function sampleStep(parameters: ReadonlyMap<string, Tensor>, optimizer: Optimizer, t: number): void {
  [...parameters.values()].forEach((parameter, k) => {
    parameter.grad = t === 1 && k === 1 ? null : filled(parameter.shape, (i) => Math.cos(0.5 * i + k + t));
  });
  optimizer.step();
}

export function valuesOf(parameters: ReadonlyMap<string, Tensor>): number[] {
  return [...parameters.values()].flatMap((parameter) => parameter.toArray());
}

/** Every step within 1e-12 of PyTorch's. */
export function expectTrajectory(name: string, build: Build): void {
  const rows = readOptimFixture<Record<string, number[][]>>("trajectories.json")[name] ?? [];
  expect(rows.length, name).toBeGreaterThan(0);
  const parameters = sampleParameters();
  const optimizer = build(parameters);
  for (const [t, row] of rows.entries()) {
    sampleStep(parameters, optimizer, t);
    expect(relativeError(valuesOf(parameters), row), `${name}, step ${t}`).toBeLessThanOrEqual(1e-12);
  }
}

interface QuadraticOptions {
  readonly lr: number;
  readonly momentum?: number;
  readonly weightDecay?: number;
  readonly dampening?: number;
  readonly nesterov?: boolean;
  readonly maximize?: boolean;
  readonly amsgrad?: boolean;
}

interface QuadraticCase extends Omit<QuadraticOptions, "weightDecay"> {
  readonly weight_decay?: number;
  readonly mask?: number[];
  readonly trajectory_float64: number[][];
}

/** Under our names; what the fixture has beside them are results and remarks. */
function optionsOf({ weight_decay: weightDecay = 0, ...fixture }: QuadraticCase): QuadraticOptions {
  const names = ["lr", "momentum", "dampening", "nesterov", "maximize", "amsgrad"] as const;
  const given = names.filter((name) => fixture[name] !== undefined).map((name) => [name, fixture[name]]);
  return { ...(Object.fromEntries(given) as QuadraticOptions), weightDecay };
}

interface Quadratic {
  readonly A: number[][];
  readonly b: number[];
  readonly x0: number[];
  readonly cases: Readonly<Record<string, QuadraticCase>>;
}

/** A case of optim/optimizers.json: f(x) = x·Ax/2 - b·x, where there is a mask of the masked x; within 1e-12. */
export function expectGoldenTrajectory(name: string, build: BuildWith): void {
  const { A, b, x0, cases } = readGoldenJson<Quadratic>("optim/optimizers.json");
  const fixture = cases[name];
  if (fixture === undefined) throw new TypeError(`optim/optimizers.json: no case ${name}`);
  const { mask = x0.map(() => 1), trajectory_float64: rows } = fixture;
  expect(rows.length, name).toBeGreaterThan(0);
  const matrix = tensor(Float64Array.from(A.flat()), { shape: [b.length, b.length] });
  const vector = tensor(Float64Array.from(b));
  const kept = tensor(Float64Array.from(mask));
  const x = tensor(Float64Array.from(x0));
  x.requiresGrad = true;
  const optimizer = build(new Map([["x", x]]), optionsOf(fixture));
  for (const [t, row] of rows.entries()) {
    scope(() => noGrad(() => void (x.grad = matrix.mv(x.mul(kept)).sub(vector).mul(kept))));
    optimizer.step();
    expect(relativeError(x, row), `${name}, step ${t}`).toBeLessThanOrEqual(1e-12);
  }
}
