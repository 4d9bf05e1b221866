/** UA of FT of a class, from the dense original to the sparse one. */
import { expect, it } from "vitest";
import { finetuneUnlearnsSparse } from "../../../src/findings/finetune-unlearns-sparse.ts";
import type { ExperimentRow } from "../../../src/record/index.ts";
import { madeUpRow } from "../report/experiment/made-up-experiment.ts";
import type { Four } from "../report/made-up-records.ts";

function row(model: string, ua: readonly number[], losses: readonly number[]): ExperimentRow {
  const scores = ua.map((value): Four => [value, value / 2, 1, 0.5]);
  return madeUpRow({ model, method: "finetune", label: "FT", scores, losses });
}

function judged(...rows: ExperimentRow[]): ReturnType<typeof finetuneUnlearnsSparse.judge> {
  return finetuneUnlearnsSparse.judge({ rows, scenarios: [], models: [] });
}

const dense = row("dense", [0.2, 0.21, 0.22], [0.01, 0.01, 0.01]);

it("is reproduced where UA is larger from the sparse original, and tells MIA and the training losses beside it", () => {
  const { ours, verdict } = judged(dense, row("omp95", [0.7, 0.72, 0.71], [0.11, 0.11, 0.11]));
  expect(verdict).toBe("reproduced");
  expect(ours).toMatch(/^UA of FT \+50\.0 points \(95 % interval .*, n = 3\); MIA \+25\.0 points/);
  expect(ours).toContain("training loss of the sparse original minus that of the dense one +0.100");
});

it("is not where UA is smaller, and not testable with one seed or one original", () => {
  expect(judged(dense, row("omp95", [0.1, 0.12, 0.11], [0.1, 0.1, 0.1])).verdict).toBe("not reproduced");
  expect(judged(row("dense", [0.2], [0.1]), row("omp95", [0.7], [0.1])).verdict).toBe("not testable at this scale");
  expect(judged(dense)).toEqual({
    ours: "UA of FT no values; MIA no values; training loss of the sparse original minus that of the dense one no values",
    verdict: "not testable at this scale",
  });
});
