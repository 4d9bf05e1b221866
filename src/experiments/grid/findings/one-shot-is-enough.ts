import { bySign, defineFinding, differences, type FindingInput, inPoints, jia, rowOf } from "./finding.ts";

/** Which pruner: the paper recommends OMP and SynFlow, whose masks cost one training at most. */
export const oneShotIsEnough = defineFinding({
  name: "one-shot-is-enough",
  claim: "OMP and SynFlow originals unlearn no worse than those of IMP, which costs several trainings",
  published: `stated; the comparison's numbers are in a figure that was not at hand (${jia}, section 3)`,
  judge: (grid) => {
    const imp = modelOf(grid, "imp");
    const parts = ["omp", "synflow"].flatMap((pruner) =>
      grid.scenarios.map(({ id, title }) => {
        const row = (model: string): ReturnType<typeof rowOf> => rowOf(grid, { scenario: id, model, label: "FT" });
        return {
          name: `${pruner}, ${title}`,
          values: differences(row(modelOf(grid, pruner)), row(imp), ({ disparity }) => disparity),
        };
      }),
    );
    const worse = parts.some(({ values }) => bySign(values, 1) === "reproduced");
    const noWorse = parts.every(({ values }) => bySign(values, -1) === "reproduced");
    return {
      ours: `Disparity Ave. of FT minus that from the IMP original: ${parts.map(({ name, values }) => `${name} ${inPoints(values)}`).join("; ")}`,
      verdict: worse ? "not reproduced" : noWorse ? "reproduced" : "not testable at this scale",
    };
  },
});

function modelOf({ models }: FindingInput, pruner: string): string {
  return models.find((model) => model.pruner === pruner)?.id ?? "";
}
