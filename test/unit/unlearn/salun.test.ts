/** SalUn against the golden scores, masks and trajectories. */
import { describe, expect, it } from "vitest";
import { noGrad, scope, tensor } from "../../../src/torch/index.ts";
import { runSalun, salun, saliencyOf, type SalunOptions } from "../../../src/unlearn/salun.ts";
import { selectLargest } from "../../../src/unlearn/tools/parameters.ts";
import { readGoldenTraining } from "../../support/golden-training.ts";
import { readGoldenState } from "../../support/tiny-net.ts";
import { expectState, expectTensors, storedLabels, tinyContext } from "../../support/tiny-unlearning.ts";
import {
  combined,
  expectMatrix,
  gradientOf,
  headOf,
  linearContext,
  type Matrix,
  oneHot,
  rowsOf,
} from "../../support/linear-unlearning.ts";

const file = "extras/SalUn.f64.safetensors";
const { training, batchSize, settings, tolerance } = readGoldenTraining("extras/SalUn.json");
const ratio = settings["ratio"] ?? NaN;
const options: SalunOptions = { ...training, order: "sequential", labels: "any", ratio, variant: "frozen" };

describe("SalUn", () => {
  it("scores and chooses the weights of the fixture", async () => {
    const context = tinyContext();
    const saliency = await saliencyOf(context);
    expectTensors(saliency, readGoldenState(file, "score_batch_sum/"), tolerance.float64);
    const total = context.model.parameters().reduce((sum, { numel }) => sum + numel, 0);
    const chosen = selectLargest(saliency, ratio, total);
    for (const [name, kept] of readGoldenState(file, "mask_batch_sum/"))
      expect(chosen.get(name)?.toArray(), name).toEqual(kept.toArray().map(Number));
  });

  it.each([
    ["frozen", "frozen"],
    ["reference", "grad_mask"],
  ] as const)("%s ends where the fixture ends", async (variant, fixture) => {
    const context = tinyContext({ batchSize });
    await runSalun(context, { ...options, variant }, storedLabels());
    expectState(context.model, readGoldenState(file, `${fixture}/final/`), tolerance.float64);
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

describe("SalUn of a linear classifier", () => {
  it("moves the weights of the largest gradients on the forget data, by the formula, and no other", async () => {
    const context = linearContext();
    const { model, retain, forget } = context;
    const [lr, drawn] = [0.3, [2, 0, 1, 1]];
    const start = headOf(model);
    const sizes = gradientOf(start, rowsOf(model, forget)).map((row) => row.map(Math.abs));
    const threshold = sizes.flat().toSorted((a, b) => b - a)[8] ?? NaN; // half of 18 parameters
    const masked = (matrix: Matrix): Matrix =>
      matrix.map((row, i) => row.map((value, j) => ((sizes[i]?.[j] ?? NaN) >= threshold ? value : 0)));
    const step1: SalunOptions = { ...options, epochs: 1, lr, momentum: 0, weightDecay: 0.01 };
    await runSalun(context, step1, () => tensor(BigInt64Array.from(drawn, BigInt)));
    const step = (head: Matrix, data: ReturnType<typeof rowsOf>): Matrix =>
      combined([1, head], [-lr, masked(combined([1, gradientOf(head, data)], [0.01, head]))]);
    const between = step(start, { x: rowsOf(model, forget).x, q: oneHot(drawn) });
    expectMatrix(headOf(model), step(between, rowsOf(model, retain)));
  });
});
