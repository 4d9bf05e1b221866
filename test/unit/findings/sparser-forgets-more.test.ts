/** Disparity Ave. over sparsity, on rows made up so that the answer is known: it is (2 - 2 UA + 0.01) / 4. */
import { expect, it } from "vitest";
import { sparserForgetsMore } from "../../../src/findings/sparser-forgets-more.ts";
import { madeUpRow } from "../report/experiment/made-up-experiment.ts";
import type { Four } from "../report/made-up-records.ts";

const models = [0, 0.5, 0.9, 0.95, 0.99, 0.995].map((sparsity) => ({ id: `at ${sparsity}`, sparsity }));

/** @param ua of each model, one seed after the other a hundredth higher */
function judged(ua: readonly number[]): ReturnType<typeof sparserForgetsMore.judge> {
  const rows = ua.map((value, i) => {
    const scores = [0, 0.01, 0.02].map((more): Four => [value + more * (i + 1), value, 1, 0.5]);
    return madeUpRow({ model: models[i]?.id ?? "", method: "finetune", label: "FT", scores });
  });
  const scenarios = [{ id: "class", title: "Class-wise", kind: "class" }];
  return sparserForgetsMore.judge({ rows, models: models.slice(0, ua.length), scenarios });
}

it("is judged up to 95 %: what comes beyond is told and changes nothing", () => {
  const upTo95 = [0.1, 0.3, 0.6, 0.7];
  const { ours, verdict } = judged([...upTo95, 0.2, 0.05]);
  expect(verdict).toBe("reproduced");
  expect(ours).toMatch(
    /from 0 to 95 %: −(0\.9\d|1\.00) \(.*, n = 3\); beyond the claim, from 0 to 99\.5 %, .*n = 3\)$/,
  );
  const alone = judged(upTo95);
  expect(alone.verdict).toBe("reproduced");
  expect(alone.ours).not.toContain("beyond the claim");
});

it("is not reproduced where sparser originals are farther from Retrain", () => {
  expect(judged([0.7, 0.6, 0.3, 0.1, 0.9, 0.99]).verdict).toBe("not reproduced");
});

it("needs three originals", () => {
  expect(judged([0.1, 0.9])).toMatchObject({ verdict: "not testable at this scale" });
});
