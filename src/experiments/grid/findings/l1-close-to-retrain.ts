import type { ExperimentRow } from "../../../record/experiment.ts";
import { bySign, defineFinding, differences, inPoints, jia, rowOf } from "./finding.ts";
import { mean } from "../../../util/lists.ts";

/** Figure 5: l1-sparse unlearning of a dense model. */
export const l1CloseToRetrain = defineFinding({
  name: "l1-close-to-retrain",
  claim:
    "l1-sparse unlearning from the dense original is closer to Retrain than FT in UA and MIA, at about the cost of FT",
  published: `class-wise UA 100 % where FT has 22.5 %; random UA and MIA within 3 % of Retrain's (${jia}, figure 5, read from the figure)`,
  judge: (grid) => {
    const parts = grid.scenarios.map(({ id, title }) => {
      const row = (label: string): ExperimentRow | undefined => rowOf(grid, { scenario: id, model: "dense", label });
      const [l1, ft] = [row("l1-sparse"), row("FT")];
      const closer = differences(l1, ft, ({ gaps }) =>
        gaps === undefined ? undefined : (Math.abs(gaps.UA) + Math.abs(gaps.MIA)) / 2,
      );
      return { title, closer, cost: mean(l1?.seconds ?? []) / mean(ft?.seconds ?? []) };
    });
    const verdicts = parts.map(({ closer }) => bySign(closer, -1));
    const [first = "not testable at this scale"] = verdicts;
    const agreed = verdicts.every((verdict) => verdict === first);
    return {
      ours: parts
        .map(
          ({ title, closer, cost }) =>
            `${title}: mean gap in UA and MIA, l1-sparse minus FT, ${inPoints(closer)}, at ${cost.toFixed(2)} times the time`,
        )
        .join("; "),
      verdict: agreed ? first : verdicts.includes("not reproduced") ? "not reproduced" : "not testable at this scale",
    };
  },
});
