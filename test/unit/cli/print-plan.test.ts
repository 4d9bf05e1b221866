import { expect, it } from "vitest";
import { printPlan } from "../../../src/cli/print-plan.ts";
import type { PrunePlan } from "../../../src/stages/index.ts";
import { printedBy } from "../../support/command-line.ts";

const plan: PrunePlan = {
  model: "runs/original",
  pruner: "omp",
  sparsity: 0.9,
  batchSize: 128,
  denseSecondsPerStep: 0.2,
  layers: [
    { name: "conv1.weight", shape: [16, 3, 3, 3], flops: 0.25 },
    { name: "fc.weight", shape: [10, 16], flops: 0.75 },
  ],
  allocations: [
    {
      name: "global",
      sparsity: 0.9,
      flops: 0.125,
      densities: [0.3, 0.05],
      engine: "sparse",
      secondsPerStep: 0.05,
      speedUp: 4,
    },
    {
      name: "n:m",
      obstacle: "n:m: expected sparsity 0.5, got 0.9",
      sparsity: 0,
      flops: 0,
      densities: [],
      engine: "dense",
      secondsPerStep: 0,
      speedUp: 0,
    },
  ],
};

it("shows what each allocation leaves of every layer, its time, and why one cannot be had", async () => {
  const { out } = await printedBy(() => printPlan(plan));
  const rows = out.split("\n").map((line) => line.replaceAll(/[ \u202f]+/g, " "));
  expect(rows).toContain("│ conv1.weight │ 16 x 3 x 3 x 3 │ 25 % │ 30 % │");
  expect(rows).toContain("│ none │ 0 % │ 100 % │ dense │ 200.0 ms │ 1.0 │");
  expect(rows).toContain("│ global │ 90 % │ 12.5 % │ sparse │ 50.0 ms │ 4.0 │");
  expect(rows).toContain("steps of 128 images, measured on this machine");
  expect(rows).toContain("n:m: n:m: expected sparsity 0.5, got 0.9");
});
