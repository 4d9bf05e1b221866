/** Sparsity or fit, on rows made up so that the answer is known. */
import { expect, it } from "vitest";
import { sparsityOrFit } from "../../../src/findings/sparsity-or-fit.ts";
import { madeUpRow } from "../report/experiment/made-up-experiment.ts";
import type { Four } from "../report/made-up-records.ts";

const scenarios = [{ id: "class", title: "Class-wise", kind: "class" }];
const models = [1, 2, 3, 4].map((i) => ({ id: `m${i}`, sparsity: i > 2 ? 0.95 : 0 }));
const losses = [0.3, 0.02, 0.25, 0.08];

/** UA and MIA go with the logarithm of the loss; a sparse original has `gain` more. */
function judged(gain: number): ReturnType<typeof sparsityOrFit.judge> {
  const rows = models.map(({ id, sparsity }, i) => {
    const loss = losses[i] ?? 1;
    const scores = [0, 0.01, 0.02].map((noise): Four => {
      const value = 0.6 + 0.1 * Math.log10(loss) + (sparsity > 0 ? gain + noise / 10 : 0) + noise;
      return [value, value, 1, 0.5];
    });
    return madeUpRow({ model: id, method: "FT", label: "FT", scores, losses: [loss, loss, loss] });
  });
  return sparsityOrFit.judge({ rows, scenarios, models });
}

it("is sparsity where sparse originals forget more than dense ones of equal training loss", () => {
  const { ours, verdict } = judged(0.2);
  expect(verdict).toBe("reproduced");
  // 0.25 and 0.3 are equal within the factor, 0.08 has no dense original near it: a pair a seed.
  expect(ours).toMatch(
    /UA of FT: sparse minus dense at equal training loss \(within a factor of 1.5\) \+19\.3 points .*n = 3\), 3 pairs/,
  );
});

it("is not where they forget less", () => {
  expect(judged(-0.2).verdict).toBe("not reproduced");
});

it("cannot be told without originals of equal training loss", () => {
  const rows = [
    madeUpRow({ model: "m1", method: "FT", label: "FT", scores: [[0.5, 0.5, 1, 0.5]] as Four[], losses: [0.3] }),
  ];
  const { ours, verdict } = sparsityOrFit.judge({ rows, scenarios, models });
  expect(verdict).toBe("not testable at this scale");
  expect(ours).toContain("at equal training loss (within a factor of 1.5) no values");
});

it("what follows the training loss alone is not sparsity", () => {
  const six = [1, 2, 3, 4, 5, 6].map((i) => ({ id: `m${i}`, sparsity: i % 2 === 0 ? 0.95 : 0 }));
  const fits = [1e-3, 3e-3, 1e-2, 3e-2, 1e-1, 3e-1];
  const noise = [0.001, -0.002, 0.001, 0.002, -0.001, -0.001];
  const rows = six.map(({ id }, i) => {
    const loss = fits[i] ?? 1;
    const ua = 0.5 + 0.1 * Math.log10(loss) + (noise[i] ?? 0);
    const scores = [ua, ua + 0.001 * i, ua - 0.001].map((value): Four => [value, value, 1, 0.5]);
    return madeUpRow({ model: id, method: "FT", label: "FT", scores, losses: [loss, loss, loss] });
  });
  const { ours, verdict } = sparsityOrFit.judge({ rows, scenarios, models: six });
  expect(verdict).not.toBe("reproduced");
  expect(ours).toMatch(/with log training loss at fixed sparsity \+(0\.99|1\.00)/);
});
