import { describe, expect, it } from "vitest";
import { createModel, type Model } from "../../../src/models/index.ts";
import { Mask, prunableWeights } from "../../../src/prune/index.ts";
import { chooseEngine, applyEngine, SparseModel } from "../../../src/sparse/index.ts";
import { Generator, rand, sparseHasKernels } from "../../../src/torch/index.ts";
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

/** A machine whose break-even is known. */
const breakEven = { share: 0.45, denseSecondsPerImage: 0.25, measuredAt: "2026-11-25T12:00:00.000Z" };
const machine = {
  breakEven: async () => breakEven,
};

describe("chooseEngine", () => {
  const model = build();

  it("takes the sparse engine where little is alive, and says how much", async () => {
    const choice = await chooseEngine("auto", model, maskOf(model, 0.05), machine);
    expect(choice?.name).toBe("sparse");
    expect(choice?.reason).toMatch(
      /^0\.0[45]\d of the multiplications are with live weights; on this machine sparse kernels are faster up to 0\.45$/,
    );
    expect(choice?.denseSecondsPerImage).toBe(0.25);
  });

  it("stays dense where much is alive, or the network has no sparse form, and says why", async () => {
    expect((await chooseEngine("auto", model, maskOf(model, 0.8), machine))?.name).toBe("dense");
    const never = { breakEven: async () => ({ ...breakEven, share: 0 }) };
    expect((await chooseEngine("auto", model, maskOf(model, 0), never))?.name).toBe("dense");
    expect(await chooseEngine("auto", build().to("float64"), maskOf(model, 0.05))).toEqual({
      name: "dense",
      reason: expect.stringMatching(/float64/),
    });
    const half = build().to("float16");
    expect(await chooseEngine("auto", half, maskOf(model, 0.05))).toEqual({
      name: "dense",
      reason: expect.stringMatching(/float16/),
    });
  });

  it("does as asked", async () => {
    const reason = "as asked";
    expect(await chooseEngine("sparse", model, maskOf(model, 0.9))).toEqual({ name: "sparse", reason });
    expect(await chooseEngine("dense", model, maskOf(model, 0.05))).toEqual({ name: "dense", reason });
  });

  it("refuses bf16 where it cannot be had, rather than leave it out", async () => {
    const mask = maskOf(model, 0.05);
    const precision = "bf16" as const;
    await expect(chooseEngine("auto", model, null, { precision })).rejects.toThrow(
      /--precision bf16: .*without a mask/,
    );
    await expect(chooseEngine("dense", model, mask, { precision })).rejects.toThrow(/--precision bf16: .*engine dense/);
    await expect(chooseEngine("sparse", build().to("float64"), mask, { precision })).rejects.toThrow(/in float32/);
    const chosen = chooseEngine("sparse", model, mask, { precision });
    if (sparseHasKernels("bfloat16")) await expect(chosen).resolves.toMatchObject({ name: "sparse", precision });
    else await expect(chosen).rejects.toThrow(/AVX512_BF16/);
  });

  it("has nothing to choose without a mask, and refuses to be forced", async () => {
    expect(await chooseEngine("auto", model, null)).toBeNull();
    await expect(chooseEngine("sparse", model, null)).rejects.toThrow(/--engine sparse: .*got a model without a mask/);
    const half = build().to("float16");
    await expect(chooseEngine("sparse", half, maskOf(model, 0.05))).rejects.toThrow(/not in float16/);
    await expect(chooseEngine("fast" as never, model, null)).rejects.toThrow(/engine/);
  });
});

describe("applyEngine", () => {
  it("makes a sparse model that needs no mask, or gives back what it got", () => {
    const model = build();
    const mask = maskOf(model, 0.05);
    expect(applyEngine({ name: "dense", reason: "" }, model, mask)).toEqual({ model, mask });
    const onEngine = applyEngine({ name: "sparse", reason: "" }, model, mask);
    expect(onEngine.model).toBeInstanceOf(SparseModel);
    expect(onEngine.mask).toBeNull();
  });
});
