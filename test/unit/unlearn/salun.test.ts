/** SalUn against the golden scores, masks and trajectories. */
import { expect, it } from "vitest";
import { noGrad, scope } from "../../../src/torch/index.ts";
import { runSalun, salun, saliencyOf, type SalunOptions } from "../../../src/unlearn/salun.ts";
import { largest } from "../../../src/unlearn/tools/parameters.ts";
import { describeGolden } from "../../support/golden.ts";
import { readGoldenState } from "../../support/tiny-net.ts";
import { expectState, expectTensors, storedLabels, tinyContext } from "../../support/tiny-unlearning.ts";

const file = "extras/SalUn.f64.safetensors";
const options: SalunOptions = {
  epochs: 3,
  lr: 0.01,
  momentum: 0.9,
  weightDecay: 5e-4,
  order: "sequential",
  labels: "any",
  ratio: 0.5,
  variant: "frozen",
};

describeGolden("SalUn", () => {
  it("scores and chooses the weights of the fixture", async () => {
    const context = tinyContext();
    const saliency = await saliencyOf(context);
    expectTensors(saliency, readGoldenState(file, "score_batch_sum/"), 1e-9);
    const total = context.model.parameters().reduce((sum, { numel }) => sum + numel, 0);
    const chosen = largest(saliency, 0.5, total);
    for (const [name, kept] of readGoldenState(file, "mask_batch_sum/"))
      expect(chosen.get(name)?.toArray(), name).toEqual(kept.toArray().map(Number));
  });

  it.each([
    ["frozen", "frozen"],
    ["reference", "grad_mask"],
  ] as const)("%s ends where the fixture ends", async (variant, fixture) => {
    const context = tinyContext();
    await runSalun(context, { ...options, variant }, storedLabels());
    expectState(context.model, readGoldenState(file, `${fixture}/final/`), 1e-9);
  });

  it("does not move what may not move, momentum and weight decay included", async () => {
    const context = tinyContext();
    const before = new Map([...context.model.namedParameters()].map(([name, value]) => [name, value.detach().clone()]));
    await salun.run(context, { ...options, ratio: 0.25 });
    let moved = 0;
    noGrad(() =>
      scope(() => {
        for (const [name, value] of context.model.namedParameters()) {
          moved += value
            .ne(before.get(name) ?? value)
            .sum()
            .item();
        }
      }),
    );
    const total = context.model.parameters().reduce((sum, { numel }) => sum + numel, 0);
    expect(moved).toBeLessThanOrEqual(Math.floor(0.25 * total));
    expect(moved).toBeGreaterThan(0.2 * total);
  });
});
