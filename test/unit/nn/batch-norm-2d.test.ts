import { describe, expect, it } from "vitest";
import { BatchNorm2d } from "../../../src/nn/index.ts";
import { noGrad, tensor, zeros } from "../../../src/torch/index.ts";
import { gradientError } from "../../support/finite-difference.ts";
import { expectLikePyTorch, filled } from "../../support/layer-fixture.ts";

describe("BatchNorm2d", () => {
  it("equals PyTorch's, statistics included", () => {
    expectLikePyTorch("batch norm", new BatchNorm2d(3));
    expectLikePyTorch("batch norm, other settings", new BatchNorm2d(2, { eps: 0.01, momentum: 0.3 }));
  });

  it("normalises by the biased variance and remembers the unbiased one", () => {
    const layer = new BatchNorm2d(1, { eps: 1e-12 }).to("float64");
    const output = layer.call(tensor(Float64Array.of(1, 3, 5, 7), { shape: [4, 1, 1, 1] }));
    expect(output.toArray().map((value) => value * Math.sqrt(5))).toEqual(
      [-3, -1, 1, 3].map((v) => expect.closeTo(v, 9)),
    );
    expect(layer.runningMean.toArray()).toEqual([expect.closeTo(0.4, 12)]);
    expect(layer.runningVar.toArray()).toEqual([expect.closeTo(0.9 + 0.1 * (20 / 3), 12)]);
  });

  it("in evaluation uses the statistics and leaves them alone", () => {
    const layer = new BatchNorm2d(1, { eps: 1e-12 }).eval();
    noGrad(() => layer.runningMean.fill_(2));
    noGrad(() => layer.runningVar.fill_(4));
    expect(layer.call(tensor([6], { shape: [1, 1, 1, 1] })).toArray()).toEqual([2]);
    expect(layer.runningMean.item()).toBe(2);
    expect(layer.namedBuffers().get("num_batches_tracked")?.item()).toBe(0);
  });

  it.each([true, false])("has the gradient that differences show, training %s", (training) => {
    const layer = new BatchNorm2d(2).to("float64").train(training);
    const input = filled([3, 2, 2, 1], (i) => Math.sin(1.3 * i));
    expect(gradientError(() => layer.call(input), [input, layer.weight, layer.bias])).toBeLessThan(1e-8);
  });

  it("refuses one value per channel in training, not in evaluation", () => {
    const layer = new BatchNorm2d(3);
    const single = zeros([1, 3, 1, 1]);
    expect(() => layer.call(single)).toThrow("expected more than one value per channel in training, got [1, 3, 1, 1]");
    expect(layer.namedBuffers().get("num_batches_tracked")?.item()).toBe(0);
    expect(layer.eval().call(single).shape).toEqual([1, 3, 1, 1]);
  });

  it.each([
    [0, {}, "BatchNorm2d.channels: expected an integer >= 1, got 0"],
    [1, { eps: 0 }, "BatchNorm2d.eps: expected a finite number > 0, got 0"],
    [1, { momentum: NaN }, "BatchNorm2d.momentum: expected a number in [0, 1], got NaN"],
  ])("refuses %d channels with %o", (channels, options, message) => {
    expect(() => new BatchNorm2d(channels, options)).toThrow(message);
  });
});
