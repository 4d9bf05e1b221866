/** l1-sparse beside Retrain and FT, on rows made up so that the answer is known: Retrain has UA and MIA 1, every run takes as long. */
import { expect, it } from "vitest";
import { l1CloseToRetrain } from "../../../src/findings/l1-close-to-retrain.ts";
import { madeUpRow } from "../report/experiment/made-up-experiment.ts";
import type { Four } from "../report/made-up-records.ts";

function judged(l1: readonly number[], { kind = "class", slower = 1 } = {}): ReturnType<typeof l1CloseToRetrain.judge> {
  const row = (label: string, ua: readonly number[]): ReturnType<typeof madeUpRow> =>
    madeUpRow({ model: "dense", method: label, label, scores: ua.map((x): Four => [x, x, 1, 0.5]) });
  const sparse = row("l1-sparse", l1);
  const rows = [row("FT", [0.2, 0.21, 0.22]), { ...sparse, seconds: sparse.seconds.map((value) => slower * value) }];
  const models = [{ id: "dense", sparsity: 0 }];
  return l1CloseToRetrain.judge({ rows, scenarios: [{ id: "class", title: "Made up", kind }], models });
}

it("is reproduced within the margin at about the cost of FT", () => {
  const { ours, verdict } = judged([0.97, 0.98, 0.99]);
  expect(verdict).toBe("reproduced");
  expect(ours).toMatch(/^Made up: gap to Retrain in UA −2\.0 points \(95 % interval −4\.5 to \+0\.5, n = 3\), in MIA/);
  expect(ours).toContain("run time 1.00 times FT's (95 % interval 1.00 to 1.00, n = 3)");
  expect(ours).toContain("minus FT's −77.0 points");
});

it("is not where l1-sparse is closer than FT, but far from Retrain", () => {
  const { ours, verdict } = judged([0.22, 0.23, 0.237]);
  expect(verdict).toBe("not reproduced");
  expect(ours).toMatch(/minus FT's −1\.9 points \(95 % interval −2\.\d to −1\.\d/);
});

it("is not at twice the cost", () => {
  expect(judged([0.97, 0.98, 0.99], { slower: 2 }).verdict).toBe("not reproduced");
});

it("has a margin of one point for random images", () => {
  expect(judged([0.97, 0.97, 0.97], { kind: "random" }).verdict).toBe("not reproduced");
  expect(judged([0.995, 0.996, 0.995], { kind: "random" }).verdict).toBe("reproduced");
});

it("is not testable where an interval holds both, and of one seed", () => {
  expect(judged([0.7, 0.9, 1]).verdict).toBe("not testable at this scale");
  expect(judged([0.1]).verdict).toBe("not testable at this scale");
});
