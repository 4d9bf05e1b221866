/** The same grid of the pruned model alone, for the sparse engine, with methods that live weights are enough for. */
import { grid } from "./grid.mjs";

export const recipe = () => ({
  ...grid,
  name: "numbers-pruned",
  models: grid.models.filter(({ id }) => id === "omp95"),
  rows: [
    ...grid.rows
      .filter(({ label }) => ["FT", "GA", "l1-sparse"].includes(label))
      .map((row) => ({ ...row, models: ["omp95"] })),
    { method: "scrub", label: "SCRUB", options: { epochs: 2, maxEpochs: 1 } },
  ],
  tests: [],
  findings: [],
});
