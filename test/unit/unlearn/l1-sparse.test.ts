import { describe, expect, it } from "vitest";
import { Linear, l1Norm } from "../../../src/nn/index.ts";
import { Generator, tensor } from "../../../src/torch/index.ts";
import {
  addSubgradient,
  gammaAt,
  l1Sparse,
  type L1SparseOptions,
  softThreshold,
} from "../../../src/unlearn/l1-sparse.ts";
import "../../support/one-thread.ts";
import { combined, expectHead, gradientOf, headOf, linearContext, rowsOf } from "../../support/linear-unlearning.ts";

const options = { gamma: 1, epochs: 5, tailEpochs: 1 } as L1SparseOptions;
const gammas = (schedule: L1SparseOptions["schedule"]): number[] =>
  [0, 1, 2, 3, 4].map((epoch) => gammaAt(epoch, { ...options, schedule }));

describe("the penalty's schedule", () => {
  it("decays, stays or grows, and is 0 in the tail", () => {
    expect(gammas("decay")).toEqual([1, 0.75, 0.5, 0.25, 0]);
    expect(gammas("constant")).toEqual([1, 1, 1, 1, 0]);
    expect(gammas("increase")).toEqual([0, 0.25, 0.5, 0.75, 0]);
  });
});

describe("the subgradient", () => {
  it("is that of autograd", () => {
    const net = new Linear({ inFeatures: 3, outFeatures: 2 }, Generator.seeded(1));
    l1Norm(net).mul(0.3).backward();
    const expected = net.parameters().map((parameter) => parameter.grad?.toArray());
    for (const parameter of net.parameters()) parameter.grad = parameter.detach().mul(0);
    addSubgradient(net.parameters(), 0.3);
    const ours = net.parameters().map((parameter) => parameter.grad?.toArray());
    ours.flat().forEach((value, i) => expect(value).toBeCloseTo(expected.flat()[i] ?? Number.NaN, 6));
  });
});

describe("soft thresholding", () => {
  it("is the proximal operator of the l1 norm, with exact zeros", () => {
    const weight = tensor([3, -3, 0.5, -0.5, 0, 1], { dtype: "float64" });
    softThreshold([weight], 1);
    expect(weight.toArray().map(Math.abs)).toEqual([2, 2, 0, 0, 0, 0]);
    expect(weight.toArray()[1]).toBe(-2);
  });
});

describe("l1-sparse of a linear classifier", () => {
  it("takes steps along the gradient and the sign of each weight, at the epoch's penalty, by the formula", async () => {
    const context = linearContext();
    const { model, retain } = context;
    const [data, lr] = [rowsOf(model, retain), 0.3];
    const how = { epochs: 2, lr, momentum: 0, weightDecay: 0, gamma: 0.02, tailEpochs: 0 } as const;
    let expected = headOf(model);
    await l1Sparse.run(context, { ...how, schedule: "decay", solver: "subgradient" });
    for (const gamma of [0.02, 0.01]) {
      const signs = expected.map((row) => row.map(Math.sign));
      expected = combined([1, expected], [-lr, gradientOf(expected, data)], [-lr * gamma, signs]);
    }
    expectHead(model, expected);
  });
});
