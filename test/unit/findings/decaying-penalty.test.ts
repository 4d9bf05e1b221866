/** Schedules of the penalty, on rows made up so that the answer is known: Disparity Ave. falls by half of what UA rises. */
import { expect, it } from "vitest";
import { decayingPenalty } from "../../../src/findings/decaying-penalty.ts";
import { madeUpRow } from "../report/experiment/made-up-experiment.ts";
import type { Four } from "../report/made-up-records.ts";

/** @param gain UA of decreasing above that of the two others, each seed */
function judged(gain: Readonly<Record<"constant" | "increasing", readonly number[]>>): {
  readonly ours: string;
  readonly verdict: string;
} {
  const row = (label: string, ua: readonly number[]): ReturnType<typeof madeUpRow> =>
    madeUpRow({ model: "dense", method: "l1-sparse", label, scores: ua.map((x): Four => [x, x, 1, 0.5]) });
  const decreasing = gain.constant.map((_, i) => 0.5 + 0.1 * i);
  const other = (label: "constant" | "increasing"): ReturnType<typeof madeUpRow> =>
    row(
      label,
      decreasing.map((x, i) => x - (gain[label][i] ?? 0)),
    );
  const rows = [row("decreasing", decreasing), other("constant"), other("increasing")];
  const scenarios = [{ id: "class", title: "Class-wise", kind: "class" }];
  return decayingPenalty.judge({ rows, scenarios, models: [{ id: "dense", sparsity: 0 }] });
}

it("is reproduced where decreasing is closer than either", () => {
  const { ours, verdict } = judged({ constant: [0.1, 0.11, 0.1], increasing: [0.2, 0.21, 0.2] });
  expect(verdict).toBe("reproduced");
  expect(ours).toMatch(
    /minus constant −5\.2 points .*both must hold, and contradictions are judged by 97\.5 % intervals/,
  );
});

it("is not where it is farther than one of them for sure, with two comparisons in mind", () => {
  const increasing = [0.2, 0.21, 0.2];
  expect(judged({ constant: [-0.1, -0.11, -0.1], increasing }).verdict).toBe("not reproduced");
  // Farther by 1.5 points, ± 1.24 at 95 % and ± 1.79 at 97.5 %.
  const { ours, verdict } = judged({ constant: [-0.02, -0.03, -0.04], increasing });
  expect(ours).toContain("minus constant +1.5 points (95 % interval +0.3 to +2.7, n = 3)");
  expect(verdict).toBe("not testable at this scale");
});

it("is not testable where it is closer than one, and like the other", () => {
  expect(judged({ constant: [-0.1, 0.1, 0], increasing: [0.2, 0.21, 0.2] }).verdict).toBe("not testable at this scale");
});
