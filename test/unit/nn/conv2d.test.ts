import { describe, expect, it } from "vitest";
import { Conv2d } from "../../../src/nn/index.ts";
import type { Conv2dOptions } from "../../../src/nn/index.ts";
import { Generator } from "../../../src/torch/index.ts";
import { gradientError } from "../../support/finite-difference.ts";
import { expectLikePyTorch, filled } from "../../support/layer-fixture.ts";

function build(options: Conv2dOptions): Conv2d {
  using generator = Generator.seeded(1);
  return new Conv2d(options, generator);
}

describe("Conv2d", () => {
  it("equals PyTorch's", () => {
    expectLikePyTorch("conv", build({ inChannels: 2, outChannels: 3, kernelSize: 3 }));
    const strided = { kernelSize: [3, 2], stride: [2, 1], padding: [1, 0] } as const;
    expectLikePyTorch("conv strided", build({ inChannels: 2, outChannels: 4, bias: false, ...strided }));
    const grouped = { kernelSize: 2, dilation: 2, groups: 2 };
    expectLikePyTorch("conv grouped", build({ inChannels: 4, outChannels: 2, ...grouped }));
  });

  it("adds up the window under the kernel", () => {
    const layer = build({
      inChannels: 1,
      outChannels: 1,
      kernelSize: 2,
      bias: false,
      initialize: (w) => void w.fill_(1),
    });
    const image = filled([1, 1, 2, 3], (i) => i).to("float32");
    expect(layer.call(image).toArray()).toEqual([0 + 1 + 3 + 4, 1 + 2 + 4 + 5]);
  });

  it("has the gradient that differences show", () => {
    const layer = build({ inChannels: 2, outChannels: 2, kernelSize: 3, stride: 2, padding: 1 }).to("float64");
    const image = filled([2, 2, 3, 4], (i) => Math.sin(i));
    expect(gradientError(() => layer.call(image), [image, ...layer.parameters()])).toBeLessThan(1e-8);
  });

  it.each([
    [{ inChannels: 0 }, "Conv2d.inChannels: expected an integer >= 1, got 0"],
    [{ outChannels: 1.5 }, "Conv2d.outChannels: expected an integer >= 1, got 1.5"],
    [{ kernelSize: 0 }, "Conv2d.kernelSize: expected an integer >= 1, got 0"],
    [{ stride: [1, 0] as const }, "Conv2d.stride: expected an integer >= 1, got 0"],
    [{ padding: -1 }, "Conv2d.padding: expected an integer >= 0, got -1"],
    [{ dilation: NaN }, "Conv2d.dilation: expected an integer >= 1, got NaN"],
    [{ groups: 2 }, "Conv2d.groups: expected a divisor of inChannels (3) and outChannels (4), got 2"],
  ])("refuses %o", (change, message) => {
    expect(() => build({ inChannels: 3, outChannels: 4, kernelSize: 3, ...change })).toThrow(message);
  });
});
