import { describe, expect, it } from "vitest";
import { createModel, type Model } from "../../../src/models/index.ts";
import { Mask, prunableWeights } from "../../../src/prune/index.ts";
import { chooseEngine, engage, SparseModel } from "../../../src/sparse/index.ts";
import { Generator, rand } from "../../../src/torch/index.ts";
import { thrownBy } from "../../support/thrown-by.ts";
import "../../support/one-thread.ts";

const build = (): Model =>
  createModel(
    { arch: "resnet20s", numClasses: 4, normalize: { mean: [0, 0, 0], std: [1, 1, 1] } },
    Generator.seeded(1),
  );

function maskOf(model: Model, density: number): Mask {
  const generator = Generator.seeded(2);
  return Mask.of(
    new Map([...prunableWeights(model)].map(([name, w]) => [name, rand(w.shape, { generator }).lt(density)])),
  );
}

describe("chooseEngine", () => {
  const model = build();

  it("takes the sparse engine where little is alive, and says how much", () => {
    const choice = chooseEngine("auto", model, maskOf(model, 0.05));
    expect(choice?.name).toBe("sparse");
    expect(choice?.reason).toMatch(/^0\.0[45]\d of the multiplications are with live weights$/);
  });

  it("stays dense where much is alive, or the network has no sparse form, and says why", () => {
    expect(chooseEngine("auto", model, maskOf(model, 0.8))).toEqual({
      name: "dense",
      reason: expect.stringMatching(/more than the 0.45 up to which sparse kernels pay$/),
    });
    const half = build().to("float16");
    expect(chooseEngine("auto", half, maskOf(model, 0.05))).toEqual({
      name: "dense",
      reason: expect.stringMatching(/float16/),
    });
  });

  it("does as asked", () => {
    const reason = "as asked";
    expect(chooseEngine("sparse", model, maskOf(model, 0.9))).toEqual({ name: "sparse", reason });
    expect(chooseEngine("dense", model, maskOf(model, 0.05))).toEqual({ name: "dense", reason });
  });

  it("has nothing to choose without a mask, and refuses to be forced", () => {
    expect(chooseEngine("auto", model, null)).toBeNull();
    expect(thrownBy(() => chooseEngine("sparse", model, null)).message).toMatch(/got one without a mask/);
    const half = build().to("float16");
    expect(thrownBy(() => chooseEngine("sparse", half, maskOf(model, 0.05))).message).toMatch(/not in float16/);
    expect(thrownBy(() => chooseEngine("fast" as never, model, null)).message).toMatch(/engine/);
  });
});

describe("engage", () => {
  it("makes a sparse model that needs no mask, or gives back what it got", () => {
    const model = build();
    const mask = maskOf(model, 0.05);
    expect(engage({ name: "dense", reason: "" }, model, mask)).toEqual({ model, mask });
    const engaged = engage({ name: "sparse", reason: "" }, model, mask);
    expect(engaged.model).toBeInstanceOf(SparseModel);
    expect(engaged.mask).toBeNull();
  });
});
