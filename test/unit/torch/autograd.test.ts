import { describe, expect, it } from "vitest";
import { enableGrad, grad, noGrad } from "../../../src/torch/autograd.ts";
import { ones, tensor, zeros } from "../../../src/torch/create.ts";
import type { Tensor } from "../../../src/torch/tensor.ts";
import { thrownBy } from "../../support/thrown-by.ts";

function leaf(values: readonly number[]): Tensor {
  const made = tensor(values, { dtype: "float64" });
  made.requiresGrad = true;
  return made;
}

describe("noGrad and enableGrad", () => {
  it("switch recording off and on, nested", () => {
    const x = leaf([2]);
    const recorded = (): boolean => x.mul(3).requiresGrad;
    expect(recorded()).toBe(true);
    noGrad(() => {
      expect(recorded()).toBe(false);
      enableGrad(() => expect(recorded()).toBe(true));
      expect(recorded()).toBe(false);
    });
    expect(recorded()).toBe(true);
  });

  it("return what their function returns", () => {
    expect(noGrad(() => 5)).toBe(5);
    expect(enableGrad(() => "x")).toBe("x");
  });

  it("restore what was in force when their function throws", () => {
    const x = leaf([2]);
    const failing = (): never => {
      throw new RangeError("wanted");
    };
    expect(() => noGrad(failing)).toThrow("wanted");
    expect(x.mul(3).requiresGrad).toBe(true);
    noGrad(() => {
      expect(() => enableGrad(failing)).toThrow("wanted");
      expect(x.mul(3).requiresGrad).toBe(false);
    });
  });

  it.each([
    ["noGrad", noGrad],
    ["enableGrad", enableGrad],
  ])("%s refuses an asynchronous function, whose own failure does not end the process", (name, withRecording) => {
    const error = thrownBy(() =>
      withRecording(async () => {
        await Promise.resolve();
        throw new RangeError("later");
      }),
    );
    expect(error.code).toBe("E_ARG");
    expect(error.message).toBe(`${name}: expected a synchronous function, got one that returns a promise`);
  });
});

describe("grad", () => {
  it("gives derivatives without touching `grad`", () => {
    const [x, y] = [leaf([1, 2]), leaf([3, 4])];
    const [byX, byY] = grad([x.mul(x).mul(y).sum()], [x, y]);
    expect(byX?.toArray()).toEqual([6, 16]); // 2xy
    expect(byY?.toArray()).toEqual([1, 4]); // x²
    expect(x.grad).toBeNull();
  });

  it("weighs outputs by gradOutputs", () => {
    const x = leaf([1, 2]);
    const [byX] = grad([x.mul(3)], [x], { gradOutputs: [tensor([10, 100], { dtype: "float64" })] });
    expect(byX?.toArray()).toEqual([30, 300]);
  });

  it("differentiates twice with createGraph: (x³)'' = 6x", () => {
    const x = leaf([2, -1]);
    const [first] = grad([x.pow(3).sum()], [x], { createGraph: true });
    expect(first?.toArray()).toEqual([12, 3]);
    const [second] = grad([first?.sum() ?? x], [x]);
    expect(second?.toArray()).toEqual([12, -6]);
  });

  it("gives Hessian-vector products", () => {
    // f = x0² x1: H = [[2 x1, 2 x0], [2 x0, 0]]
    const x = leaf([3, 5]);
    const v = tensor([1, 2], { dtype: "float64" });
    const f = x.select(0, 0).square().mul(x.select(0, 1));
    const [gradient] = grad([f], [x], { createGraph: true });
    const [product] = grad([gradient?.mul(v).sum() ?? x], [x]);
    expect(product?.toArray()).toEqual([2 * 5 * 1 + 2 * 3 * 2, 2 * 3 * 1]);
  });

  it("frees the graph unless told to keep it", () => {
    const x = leaf([2]);
    const y = x.square().sum();
    expect(grad([y], [x], { retainGraph: true })[0]?.item()).toBe(4);
    expect(grad([y], [x])[0]?.item()).toBe(4);
    expect(thrownBy(() => grad([y], [x])).code).toBe("E_NATIVE");
  });

  it("agrees with finite differences through a layer of each kind", () => {
    const x = leaf([0.3, -0.7, 1.1, 0.2]);
    const weight = tensor([0.5, -1, 0.25, 0.75, -0.3, 0.9, 0.1, 0.4], { dtype: "float64", shape: [2, 4] });
    const loss = (input: Tensor): Tensor => weight.mv(input).sigmoid().logSoftmax(0).select(0, 1);
    const [exact] = grad([loss(x)], [x]);
    const h = 1e-6;
    expect(exact?.shape).toEqual([4]);
    for (const [i, value] of (exact?.toArray() ?? []).entries()) {
      const step = zeros([4], { dtype: "float64" });
      step.data()[i] = h;
      const slope = (loss(x.add(step)).item() - loss(x.sub(step)).item()) / (2 * h);
      expect(Math.abs(value - slope)).toBeLessThan(1e-8);
    }
  });

  it("says which tensors it was given when an input was not used", () => {
    const [x, unused] = [leaf([1]), leaf([1, 2])];
    const error = thrownBy(() => grad([x.mul(2).sum()], [unused]));
    expect(error.code).toBe("E_NATIVE");
    expect(error.message).toMatch(/^grad\(\[Tensor\[\]\], \[Tensor\[2\]\], null\): .*not have been used/);
  });

  it("refuses what are no tensors and what has no graph", () => {
    const x = leaf([1]);
    for (const bad of [undefined, null, 5, [undefined], [{}], ["x"]]) {
      expect(thrownBy(() => grad(bad as Tensor[], [x])).code).toBe("E_NATIVE");
      expect(thrownBy(() => grad([x.mul(2)], bad as Tensor[])).code).toBe("E_NATIVE");
    }
    expect(thrownBy(() => grad([ones([1])], [ones([1])])).code).toBe("E_NATIVE");
  });
});
