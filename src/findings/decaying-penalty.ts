import { meanInPoints } from "../format/index.ts";
import { differences, jia, rowOf } from "./grid.ts";
import { type GridFinding, rowsOf, wellFitted } from "./judge-grid.ts";
import { type Comparison, correctionNote, verdictOf, withSign } from "./verdict.ts";

/** How the weight of the l1 penalty should go over the epochs. Decreasing is claimed to be the closest of three, so that it must beat either. */
export const decayingPenalty: GridFinding = {
  name: "decaying-penalty",
  claim: "a decreasing weight of the l1 penalty is closer to Retrain than a constant one, and than an increasing one",
  published: `stated for l1-sparse unlearning; its table is in the appendix, which we had no access to (${jia}, section 4)`,
  rows: (grid) =>
    rowsOf(grid, { kinds: ["class", "random"], models: ["dense"], labels: ["decreasing", "constant", "increasing"] }),
  fitted: wellFitted,
  judge: (grid) => {
    const parts = ["constant", "increasing"].flatMap((other) =>
      grid.scenarios.map(({ id, title }): Comparison & { readonly name: string } => {
        const row = (label: string): ReturnType<typeof rowOf> => rowOf(grid, { scenario: id, model: "dense", label });
        const values = differences(row("decreasing"), row(other), ({ disparity }) => disparity);
        return { name: `${title}, minus ${other}`, values, within: withSign(-1) };
      }),
    );
    return {
      ours: `Disparity Ave. of decreasing: ${parts.map(({ name, values }) => `${name} ${meanInPoints(values)}`).join("; ")}${correctionNote(parts)}`,
      verdict: verdictOf(parts),
    };
  },
};
