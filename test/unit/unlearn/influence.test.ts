/** Influence unlearning against the golden vectors: its direction, the inverse Fisher product, and the published recursion. */
import { describe, expect, it } from "vitest";
import type { Tensor } from "../../../src/torch/index.ts";
import { degenerateProduct, influence, influenceOf } from "../../../src/unlearn/influence.ts";
import { inverseFisherProduct } from "../../../src/unlearn/tools/inverse-fisher.ts";
import { readGoldenJson } from "../../support/golden.ts";
import { readGoldenState } from "../../support/tiny-net.ts";
import { expectState, expectTensors, tinyContext } from "../../support/tiny-unlearning.ts";
import {
  combined,
  expectMatrix,
  gradientOf,
  headOf,
  linearContext,
  type Matrix,
  rowsOf,
} from "../../support/linear-unlearning.ts";

const file = "unlearn/IU.f64.safetensors";

it("warns of what influence functions are worth in deep networks", () => {
  const forgotten = { wholeClasses: true, share: 0.1, count: 100, masked: [], layers: 20 };
  const caution = influence.caution?.(forgotten, { alpha: 1, samples: 1000, variant: "woodfisher" });
  expect(caution).toMatch(/local approximation.* failed an evaluation .*judge it by the gap to Retrain/);
});

/** A flat vector of the fixture by parameter, in their order. */
function byParameter(flat: Tensor, like: ReadonlyMap<string, Tensor>): Map<string, Tensor> {
  let start = 0;
  return new Map(
    [...like].map(([name, { numel, shape }]) => {
      const part = flat.narrow(0, start, numel).reshape([...shape]);
      start += numel;
      return [name, part];
    }),
  );
}

describe("influence unlearning", () => {
  const vector = (name: string, like: ReadonlyMap<string, Tensor>): Map<string, Tensor> =>
    byParameter(readGoldenState(file).get(name) as Tensor, like);

  it("has the direction of the fixture", async () => {
    const context = tinyContext();
    expectTensors(await influenceOf(context), vector("v", context.model.namedParameters()), 1e-9);
  });

  it.each([
    ["exact/k_lam1_Nn", { damping: 1 }],
    ["exact/k_lam0.01_Nn", { damping: 0.01 }],
    ["exact/k_lam1_N1000", { damping: 1, divisor: 1000 }],
  ])("solves for the inverse Fisher information: %s", async (name, options) => {
    const context = tinyContext();
    const parameters = context.model.namedParameters();
    const found = await inverseFisherProduct(context, vector("v", parameters), 1000, options);
    expectTensors(found, vector(name, parameters), 1e-9);
  });

  it.each([
    ["compat/k_N1000", 1000],
    ["compat/k_N16", 16],
  ] as const)("repeats the published recursion: %s", async (name, count) => {
    const context = tinyContext();
    const parameters = context.model.namedParameters();
    const options = { stopAfter: count, divisor: count };
    expectTensors(await degenerateProduct(context, vector("v", parameters), options), vector(name, parameters), 1e-9);
  });

  it.each([
    ["reference", "compat/final/"],
    ["woodfisher", "exact/final/"],
  ])("ends where the fixture ends: %s", async (variant, prefix) => {
    const { settings } = readGoldenJson<{ settings: { alpha: number; batch: number } }>("unlearn/IU.json");
    const context = tinyContext({ batchSize: settings.batch });
    await influence.run(context, { alpha: settings.alpha, samples: 1000, variant });
    expectState(context.model, readGoldenState(file, prefix), 1e-9);
  });
});

it("solves (I + mean g gᵀ) k = v for a linear classifier, and steps by alpha k", async () => {
  const context = linearContext();
  const { model, retain, forget } = context;
  const start = headOf(model);
  const [kept, gone] = [rowsOf(model, retain), rowsOf(model, forget)];
  // v = (1/N) Σ_{D_f} g - (N_f / (N N_r)) Σ_{D_r} g, with mean gradients (N_f / N) (ḡ_f - ḡ_r); N = 12, N_f = 4.
  const v = combined([4 / 12, gradientOf(start, gone)], [-4 / 12, gradientOf(start, kept)]);
  const alpha = 2;
  await influence.run(context, { alpha, samples: 6, variant: "woodfisher" });
  const k = combined([1 / alpha, headOf(model)], [-1 / alpha, start]);
  // Of the first six retained images; H k = k + (1/M) Σ g (g · k).
  const product = kept.x.slice(0, 6).map((row, n) => {
    const g = gradientOf(start, { x: [row], q: [kept.q[n] ?? []] });
    return [dot(g, k) / 6, g] as const;
  });
  expectMatrix(combined([1, k], ...product), v);
  expect(Math.abs(dot(k, v) / Math.sqrt(dot(k, k) * dot(v, v)))).toBeLessThan(0.999); // not the identity's answer
});

function dot(a: Matrix, b: Matrix): number {
  const flat = b.flat();
  return a.flat().reduce((sum, value, i) => sum + value * (flat[i] ?? NaN), 0);
}
