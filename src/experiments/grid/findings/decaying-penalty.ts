import { bySign, defineFinding, differences, inPoints, jia, rowOf } from "./finding.ts";

/** How the weight of the l1 penalty should go over the epochs. */
export const decayingPenalty = defineFinding({
  name: "decaying-penalty",
  claim: "a decreasing weight of the l1 penalty is closer to Retrain than a constant or an increasing one",
  published: `stated for l1-sparse unlearning; its table is in the appendix, which was not at hand (${jia}, section 4)`,
  judge: (grid) => {
    const parts = ["constant", "increasing"].flatMap((other) =>
      grid.scenarios.map(({ id, title }) => {
        const row = (label: string): ReturnType<typeof rowOf> => rowOf(grid, { scenario: id, model: "dense", label });
        const values = differences(row("decreasing"), row(other), ({ disparity }) => disparity);
        return { name: `${title}, minus ${other}`, values };
      }),
    );
    const verdicts = parts.map(({ values }) => bySign(values, -1));
    return {
      ours: `Disparity Ave. of decreasing: ${parts.map(({ name, values }) => `${name} ${inPoints(values)}`).join("; ")}`,
      verdict: verdicts.every((verdict) => verdict === "reproduced")
        ? "reproduced"
        : verdicts.includes("not reproduced")
          ? "not reproduced"
          : "not testable at this scale",
    };
  },
});
