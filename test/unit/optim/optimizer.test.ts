import { describe, expect, it } from "vitest";
import { adam, adamw, sgd } from "../../../src/optim/index.ts";
import type { Optimizer } from "../../../src/optim/index.ts";
import {
  decodeSafetensors,
  encodeSafetensors,
  liveTensors,
  noGrad,
  scope,
  tensor,
  zeros,
} from "../../../src/torch/index.ts";
import type { Tensor } from "../../../src/torch/index.ts";
import { CoppiceError } from "../../../src/util/errors.ts";
import { sampleParameters, sampleStep, valuesOf } from "../../support/trajectory.ts";

type Build = (parameters: ReadonlyMap<string, Tensor>) => Optimizer;
const builders: [string, Build][] = [
  ["sgd", (parameters) => sgd(parameters, { lr: 0.1, weightDecay: 0.01 })],
  ["sgd with momentum", (parameters) => sgd(parameters, { lr: 0.1, momentum: 0.9, dampening: 0.2 })],
  ["adam", (parameters) => adam(parameters, { lr: 0.1, amsgrad: true })],
  ["adamw", (parameters) => adamw(parameters, { lr: 0.1 })],
];
const momentum: Build = (parameters) => sgd(parameters, { lr: 0.1, momentum: 0.9 });

function copied(state: ReadonlyMap<string, Tensor>): Map<string, Tensor> {
  return new Map(decodeSafetensors(encodeSafetensors(state), "state").tensors);
}

function stateAfter(steps: number, build: Build): Map<string, Tensor> {
  const parameters = sampleParameters();
  const optimizer = build(parameters);
  for (let t = 0; t < steps; t++) sampleStep(parameters, optimizer, t);
  return copied(optimizer.stateTensors());
}

function loadError(build: Build, state: ReadonlyMap<string, Tensor>): string {
  try {
    build(sampleParameters()).loadStateTensors(state);
  } catch (error) {
    if (error instanceof CoppiceError && error.code === "E_CHECKPOINT") return error.message;
    throw error;
  }
  throw new TypeError("expected an error");
}

describe("state", () => {
  // After one step the second parameter has counted one update, after two still one: it had no gradient.
  it.each(builders.flatMap(([name, build]) => [0, 1, 2, 4].map((steps) => ({ name, build, steps }))))(
    "of $name after $steps steps continues with the same bytes",
    ({ build, steps }) => {
      const parameters = sampleParameters();
      const optimizer = build(parameters);
      for (let t = 0; t < steps; t++) sampleStep(parameters, optimizer, t);
      const weights = copied(parameters);
      const state = copied(optimizer.stateTensors());
      for (let t = steps; t < 6; t++) sampleStep(parameters, optimizer, t);

      const again = sampleParameters();
      const resumed = build(again);
      sampleStep(again, resumed, 3); // makes weights and state that loading must replace
      noGrad(() => weights.forEach((value, name) => again.get(name)?.copy_(value)));
      resumed.loadStateTensors(state);
      for (let t = steps; t < 6; t++) sampleStep(again, resumed, t);
      expect(valuesOf(again)).toEqual(valuesOf(parameters));
    },
  );

  it("counts the updates of each parameter and names its buffers", () => {
    const state = stateAfter(3, (parameters) => adam(parameters, { lr: 0.1 }));
    expect(state.get("steps")?.toArray()).toEqual([3, 2]);
    expect([...state.keys()].sort()).toEqual(["a.exp_avg", "a.exp_avg_sq", "b.exp_avg", "b.exp_avg_sq", "steps"]);
  });

  it("numbers parameters that have no names", () => {
    const weight = tensor([1]);
    weight.requiresGrad = true;
    const optimizer = sgd([zeros([2]), weight], { lr: 1, momentum: 0.5 });
    weight.grad = tensor([1]);
    optimizer.step();
    expect([...optimizer.stateTensors().keys()]).toEqual(["steps", "1.momentum_buffer"]);
  });

  it("is refused, and nothing changed, when it is another optimiser's", () => {
    const adams = stateAfter(1, (parameters) => adam(parameters, { lr: 0.1 }));
    expect(loadError(momentum, adams)).toBe(
      [
        "optimizer state: expected that of an optimizer with the same settings and parameters, got",
        "  a.momentum_buffer: expected [4], got nothing",
        "  b.momentum_buffer: expected [2, 3], got nothing",
        "  a.exp_avg: expected nothing, got a tensor",
        "  a.exp_avg_sq: expected nothing, got a tensor",
        "  b.exp_avg: expected nothing, got a tensor",
        "  b.exp_avg_sq: expected nothing, got a tensor",
      ].join("\n"),
    );
    const misshaped = stateAfter(1, momentum).set("a.momentum_buffer", zeros([5]));
    expect(loadError(momentum, misshaped)).toContain("a.momentum_buffer: expected [4], got [5]");

    const parameters = sampleParameters();
    const optimizer = momentum(parameters);
    sampleStep(parameters, optimizer, 0);
    const before = optimizer.stateTensors();
    expect(() => optimizer.loadStateTensors(misshaped)).toThrow(CoppiceError);
    for (const [name, value] of optimizer.stateTensors()) expect(value.toArray()).toEqual(before.get(name)?.toArray());
  });

  it("is refused without its counters", () => {
    const state = stateAfter(1, momentum);
    state.delete("steps");
    expect(loadError(momentum, state)).toBe('optimizer state: expected "steps" as int64 [2], got none');
    expect(loadError(momentum, state.set("steps", zeros([3])))).toContain("got float32 [3]");
  });
});

describe("lr", () => {
  it("can be changed between steps", () => {
    const weight = tensor([1]);
    weight.requiresGrad = true;
    weight.grad = tensor([1]);
    const optimizer = sgd([weight], { lr: 0.5 });
    optimizer.step();
    optimizer.lr = 0.25;
    optimizer.step();
    expect([optimizer.lr, weight.item()]).toEqual([0.25, 0.25]);
    expect(() => (optimizer.lr = NaN)).toThrow("lr: expected a finite number >= 0, got NaN");
    expect(optimizer.lr).toBe(0.25);
  });
});

describe("zeroGrad", () => {
  it("forgets the gradients of its parameters; a step without any changes nothing", () => {
    const parameters = sampleParameters();
    const optimizer = momentum(parameters);
    sampleStep(parameters, optimizer, 0);
    const before = valuesOf(parameters);
    optimizer.zeroGrad();
    expect([...parameters.values()].map(({ grad }) => grad)).toEqual([null, null]);
    optimizer.step();
    expect(valuesOf(parameters)).toEqual(before);
  });
});

describe("memory", () => {
  it.each(builders)("of %s does not grow with the steps, and dispose frees it", (_, build) => {
    const parameters = sampleParameters();
    const before = liveTensors();
    const optimizer = build(parameters);
    const step = (): void => scope(() => sampleStep(parameters, optimizer, 0));
    step();
    const after = liveTensors();
    for (let i = 0; i < 5; i++) step();
    expect(liveTensors()).toBe(after);
    optimizer.dispose();
    expect(liveTensors()).toBe(before);
  });
});

it("needs a parameter", () => {
  expect(() => sgd([], { lr: 0.1 })).toThrow("optimizer: expected at least one parameter, got none");
});
