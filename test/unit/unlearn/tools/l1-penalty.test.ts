import { describe, expect, it } from "vitest";
import { Linear, l1Norm } from "../../../../src/nn/index.ts";
import { Generator, tensor } from "../../../../src/torch/index.ts";
import { addSubgradient, softThreshold } from "../../../../src/unlearn/tools/l1-penalty.ts";
import "../../../support/one-thread.ts";

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
