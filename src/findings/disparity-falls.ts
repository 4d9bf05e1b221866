import { meanInPoints } from "../format/index.ts";
import { differences, type GridResults, jia } from "./grid.ts";
import { type GridFinding, rowsOf, wellFitted } from "./judge-grid.ts";
import { bySign, verdictOf, withSign } from "./verdict.ts";
import { mean } from "../util/lists.ts";

/**
 * The main table: average gap to Retrain, from the dense original to the sparse one. Judged by the mean over rows. It is not reproduced if the gap of
 * a single row rose, by an interval with Bonferroni's correction.
 */
export const disparityFalls: GridFinding = {
  name: "disparity-falls",
  claim: "Disparity Ave. is smaller from the 95 % sparse original than from the dense one",
  published: `in all eight rows of FT, GA, FF and IU, class-wise and random; by 0.6 to 14.3 points (${jia}, main table)`,
  rows: (grid) => rowsOf(grid, { kinds: ["class", "random"], models: ["dense", "omp95"], labels }),
  fitted: wellFitted,
  judge: (grid) => {
    const rows = compared(grid);
    const fell = rows.filter(({ values }) => mean(values) < 0).length;
    const perSeed = average(rows.map(({ values }) => values));
    const parts = rows.map(({ values }) => ({ values, within: withSign(-1) }));
    const contradicted = verdictOf(parts) === "not reproduced";
    const each = rows.map(({ name, values }) => `${name} ${meanInPoints(values)}`).join("; ");
    return {
      ours: `fell in ${fell} of ${rows.length} rows, on average over rows by ${meanInPoints(perSeed)}: ${each}`,
      verdict: contradicted ? "not reproduced" : bySign(perSeed, -1),
    };
  },
};

const labels = ["FT", "GA", "FF", "IU"];

function compared(grid: GridResults): Array<{ readonly name: string; readonly values: number[] }> {
  return grid.scenarios.flatMap(({ id, title }) =>
    labels.flatMap((label) => {
      const of = (model: string): GridResults["rows"][number] | undefined =>
        grid.rows.find((row) => row.scenario === id && row.model === model && row.label === label);
      const values = differences(of("omp95"), of("dense"), ({ disparity }) => disparity);
      return values.length === 0 ? [] : [{ name: `${title}, ${label}`, values }];
    }),
  );
}

/** Seed by seed, over the rows that have as many seeds as the first. */
function average(lists: readonly number[][]): number[] {
  const [first = []] = lists;
  const whole = lists.filter(({ length }) => length === first.length);
  return first.map((_, seed) => mean(whole.map((values) => values[seed] ?? NaN)));
}
