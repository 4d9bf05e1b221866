/** Pruners, on rows made up so that the answer is known: Disparity Ave. goes with half of UA, so that 3 points of it are 6 of UA. */
import { expect, it } from "vitest";
import { oneShotIsEnough } from "../../../src/findings/one-shot-is-enough.ts";
import { madeUpRow } from "../report/experiment/made-up-experiment.ts";
import type { Four } from "../report/made-up-records.ts";

const models = ["omp", "synflow", "imp"].map((pruner) => ({ id: `${pruner}95`, sparsity: 0.95, pruner }));

/** @param worse UA of the OMP original below that of the IMP one, each seed; SynFlow is IMP's equal */
function judged(worse: readonly number[]): ReturnType<typeof oneShotIsEnough.judge> {
  const row = (model: string, ua: readonly number[]): ReturnType<typeof madeUpRow> =>
    madeUpRow({ model, method: "finetune", label: "FT", scores: ua.map((x): Four => [x, x, 1, 0.5]) });
  const imp = worse.map((_, i) => 0.5 + 0.1 * i);
  const rows = [
    row(
      "omp95",
      imp.map((x, i) => x - (worse[i] ?? 0)),
    ),
    row("synflow95", imp),
    row("imp95", imp),
  ];
  return oneShotIsEnough.judge({ rows, models, scenarios: [{ id: "class", title: "Class-wise", kind: "class" }] });
}

it("is reproduced where the interval ends below the margin, better or not", () => {
  // Worse for sure, and by less than three points.
  const { ours, verdict } = judged([0.02, 0.026, 0.032]);
  expect(verdict).toBe("reproduced");
  expect(ours).toContain("omp, Class-wise +1.3 points (95 % interval +0.6 to +2.0, n = 3)");
  expect(judged([-0.3, -0.31, -0.3]).verdict).toBe("reproduced");
});

it("is not where the interval begins above the margin", () => {
  expect(judged([0.2, 0.21, 0.2]).verdict).toBe("not reproduced");
});

it("is not testable where the interval holds the margin, and of one seed", () => {
  expect(judged([0.02, 0.06, 0.1]).verdict).toBe("not testable at this scale");
  expect(judged([0.2]).verdict).toBe("not testable at this scale");
});
