/** Influence unlearning against the golden vectors: its direction, the inverse Fisher product, and the published recursion. */
import { expect, it } from "vitest";
import type { Tensor } from "../../../src/torch/index.ts";
import { degenerateProduct, influence, influenceOf } from "../../../src/unlearn/influence.ts";
import { inverseFisherProduct } from "../../../src/unlearn/tools/inverse-fisher.ts";
import { describeGolden } from "../../support/golden.ts";
import { readGoldenState } from "../../support/tiny-net.ts";
import { expectState, expectTensors, tinyContext } from "../../support/tiny-unlearning.ts";

const file = "unlearn/IU.f64.safetensors";

it("warns of what influence functions are worth in deep networks", () => {
  const forgotten = { wholeClasses: true, share: 0.1, count: 100, masked: [], layers: 20 };
  const caution = influence.caution?.(forgotten, { alpha: 1, samples: 1000, variant: "woodfisher" });
  expect(caution).toMatch(/local approximation.* failed an audit .*judge it by the gap to Retrain/);
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

describeGolden("influence unlearning", () => {
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
    const context = tinyContext();
    await influence.run(context, { alpha: 1, samples: 1000, variant });
    expectState(context.model, readGoldenState(file, prefix), 1e-9);
  });
});
