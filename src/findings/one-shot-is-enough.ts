import { meanInPoints } from "../format/index.ts";
import { differences, type GridResults, jia, rowOf } from "./grid.ts";
import { type GridFinding, rowsOf } from "./judge-grid.ts";
import { type Comparison, correctionNote, verdictOf } from "./verdict.ts";

/** By how much Disparity Ave. may be larger: a fifth of the 14.3 points by which 95 % sparsity brings class-wise FT closer in the main table. */
const margin = 0.03;

/** Training accuracy that every pruned original must have: below what IMP leaves, since how well a pruner's network fits is part of the question. */
const wellPruned = 0.9;

/** Which pruner: the paper recommends OMP and SynFlow, whose masks cost one training at most. */
export const oneShotIsEnough: GridFinding = {
  name: "one-shot-is-enough",
  claim:
    "OMP and SynFlow originals unlearn no worse (Disparity Ave. of FT less than 3 points larger) than those of IMP, which costs several trainings",
  published: `stated; the comparison's numbers are in a figure that we had no access to (${jia}, section 3); the 3 points are this project's, a fifth of what sparsity gains FT class-wise`,
  rows: (grid) =>
    rowsOf(grid, {
      kinds: ["class"],
      models: ["imp", "omp", "synflow"].map((pruner) => modelOf(grid, pruner) || pruner),
      labels: ["FT"],
    }),
  fitted: wellPruned,
  judge: (grid) => {
    const imp = modelOf(grid, "imp");
    const parts = ["omp", "synflow"].flatMap((pruner) =>
      grid.scenarios.map(({ id, title }): Comparison & { readonly name: string } => {
        const row = (model: string): ReturnType<typeof rowOf> => rowOf(grid, { scenario: id, model, label: "FT" });
        const values = differences(row(modelOf(grid, pruner)), row(imp), ({ disparity }) => disparity);
        return { name: `${pruner}, ${title}`, values, within: [-Infinity, margin] };
      }),
    );
    return {
      ours: `Disparity Ave. of FT minus that from the IMP original: ${parts.map(({ name, values }) => `${name} ${meanInPoints(values)}`).join("; ")}${correctionNote(parts)}`,
      verdict: verdictOf(parts),
    };
  },
};

function modelOf({ models }: GridResults, pruner: string): string {
  return models.find((model) => model.pruner === pruner)?.id ?? "";
}
