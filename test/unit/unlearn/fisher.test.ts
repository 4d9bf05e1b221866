/** Fisher forgetting against the golden information and noise, and per-image information against images one by one. */
import { describe, expect, it } from "vitest";
import { crossEntropy, softmax } from "../../../src/nn/index.ts";
import { grad, noGrad, scope, type Tensor, tensor } from "../../../src/torch/index.ts";
import { batchInformation, exactInformation, fisher, noiseOf } from "../../../src/unlearn/fisher.ts";
import { forEachBatch } from "../../../src/data/batches.ts";
import { relativeError } from "../../support/compare.ts";
import { readGoldenJson } from "../../support/golden.ts";
import { readGoldenState } from "../../support/tiny-net.ts";
import { expectTensors, maskAmong, tinyContext } from "../../support/tiny-unlearning.ts";
import {
  combined,
  expectMatrix,
  gradientOf,
  headOf,
  linearContext,
  type Matrix,
  oneHot,
  probabilities,
  rowsOf,
} from "../../support/linear-unlearning.ts";

interface Fixture {
  readonly settings: {
    readonly alpha: number;
    readonly num_classes: number;
    readonly variants: Record<"plain" | "class_zeroed", { readonly class_to_replace: number }>;
  };
}

describe("Fisher forgetting", () => {
  it("has the information of the fixture", async () => {
    const expected = readGoldenState("unlearn/FF.f64.safetensors", "G/");
    expectTensors(await batchInformation(tinyContext()), expected, 1e-9);
  });

  it("has it under a mask too", async () => {
    const state = readGoldenState("unlearn/FF_masked.f64.safetensors");
    const mask = maskAmong(readGoldenState("unlearn/FT_masked.f64.safetensors", "final/"));
    const expected = new Map(
      [...state]
        .filter(([name]) => name.startsWith("G/"))
        .map(([name, value]) => [name.slice(2).replace(/_orig$/, ""), value]),
    );
    expectTensors(await batchInformation(tinyContext({ mask })), expected, 1e-9);
  });

  it.each(["plain", "class_zeroed"] as const)("has the noise of the fixture: %s", (variant) => {
    const { settings } = readGoldenJson<Fixture>("unlearn/FF.json");
    const { alpha, num_classes: numClasses, variants } = settings;
    const { class_to_replace: label } = variants[variant];
    const forgetClasses = label === -1 ? [] : [label];
    const file = "unlearn/FF.f64.safetensors";
    const information = readGoldenState(file, "G/");
    const parameters = tinyContext().model.namedParameters();
    for (const [what, pick] of [
      ["mean", "mean"],
      ["var", "variance"],
    ] as const) {
      for (const [name, expected] of readGoldenState(file, `${variant}/${what}/`)) {
        const options = { alpha, numClasses, forgetClasses, living: null };
        const noise = noiseOf(parameters.get(name) as Tensor, information.get(name) as Tensor, options);
        expect(relativeError(noise[pick], expected.expand(noise[pick].shape)), `${name} ${what}`).toBeLessThanOrEqual(
          1e-9,
        );
      }
    }
  });

  it("squares each image's gradient, all of a batch at once", async () => {
    const context = tinyContext();
    const found = await exactInformation(context, 0);
    const { model, retain } = context;
    const parameters = [...model.namedParameters()];
    const expected = new Map(parameters.map(([name, value]) => [name, value.detach().zerosLike()]));
    forEachBatch(retain, 1, ({ images }) => {
      const logits = model.call(images);
      const shares = noGrad(() => softmax(logits.detach())).toArray();
      shares.forEach((share, label) => {
        const loss = crossEntropy(logits, tensor([label], { dtype: "int64" }));
        const gradients = grad(
          [loss],
          parameters.map(([, value]) => value),
          { retainGraph: true },
        );
        parameters.forEach(([name], i) =>
          expected.get(name)?.add_((gradients[i] as Tensor).square(), share / retain.count),
        );
      });
    });
    expectTensors(found, expected, 1e-9);
  });

  it("moves no masked weight, and takes the mean of the others alone", async () => {
    const mask = maskAmong(readGoldenState("unlearn/FT_masked.f64.safetensors", "final/"));
    const context = tinyContext({ mask });
    const before = context.model.namedParameters().get("conv2.weight")?.detach().clone();
    await fisher.run(context, { alpha: 1e-4, variant: "exact", tolerance: 0 });
    const after = context.model.namedParameters().get("conv2.weight")?.detach();
    const kept = mask.toState().get("conv2.weight_mask");
    scope(() => {
      expect(
        after
          ?.mul(kept?.logicalNot() ?? 0)
          .abs()
          .sum()
          .item(),
      ).toBe(0);
      expect(
        after
          ?.ne(before as Tensor)
          .sum()
          .item(),
      ).toBe(kept?.sum().item());
    });
  });
});

describe("Fisher forgetting's caution", () => {
  const forgotten = { wholeClasses: true, share: 0.1, count: 100, masked: [], layers: 20 };
  const options = { alpha: 1, variant: "exact", tolerance: 0 };

  it("says what UA means for a class, why single images are hard, and what an audit found", () => {
    const [ofClass, ofImages] = [true, false].map((wholeClasses) =>
      fisher.caution?.({ ...forgotten, wholeClasses }, options),
    );
    expect(ofClass).toMatch(/new random values for .* rows of the last layer, so UA is near 1/);
    expect(ofImages).toMatch(/never looks at the forget data/);
    for (const caution of [ofClass, ofImages])
      expect(caution).toMatch(/failed an evaluation .*judge it by the gap to Retrain/);
  });
});

describe("noise", () => {
  it("takes the mean variance over living input channels", () => {
    const parameter = tensor([1, 1, 1, 0], { shape: [2, 2], dtype: "float64" });
    const information = tensor([1, 1, 1, 0], { shape: [2, 2], dtype: "float64" });
    const living = tensor([1, 1, 1, 0], { shape: [2, 2], dtype: "float64" });
    const options = { alpha: 1, numClasses: 10, forgetClasses: [] };
    const exact = noiseOf(parameter, information, { ...options, living }).variance.toArray();
    const leaking = noiseOf(parameter, information, { ...options, living: null }).variance.toArray();
    expect(exact[2]).toBeCloseTo(1, 6);
    expect(leaking[2]).toBeCloseTo(500.5, 3);
  });
});

describe("Fisher information of a linear classifier", () => {
  const shape = (of: (name: string) => Tensor | undefined): Matrix => {
    const bias = of("fc.bias")?.toArray() ?? [];
    const weight = of("fc.weight")?.toArray() ?? [];
    return bias.map((value, k) => [...weight.slice(5 * k, 5 * k + 5), value]);
  };

  it("is the mean over images and labels of the squares of the formula, or the squares of a batch's mean", async () => {
    const context = linearContext();
    const { model, retain } = context;
    const [head, { x }] = [headOf(model), rowsOf(model, retain)];
    const p = probabilities(head, x);
    const squares = (part: Matrix, label: number): Matrix =>
      gradientOf(head, { x: part, q: oneHot(part.map(() => label)) }).map((row) => row.map((g) => g * g));
    const exact = x.flatMap((row, n) =>
      [0, 1, 2].map((y) => [(p[n]?.[y] ?? NaN) / x.length, squares([row], y)] as const),
    );
    const found = await exactInformation(context, 0);
    expectMatrix(
      shape((name) => found.get(name)),
      combined(...exact),
    );
    const share = (y: number): number => p.reduce((sum, row) => sum + (row[y] ?? NaN), 0) / x.length;
    const batch = [0, 1, 2].map((y) => [share(y), squares(x, y)] as const);
    const ofBatch = await batchInformation(context);
    expectMatrix(
      shape((name) => ofBatch.get(name)),
      combined(...batch),
    );
  });
});
