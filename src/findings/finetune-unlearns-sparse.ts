import { summarize } from "../statistics/statistics.ts";
import { meanInPoints, meanWithInterval, signed } from "../format/index.ts";
import { differences, jia, rowOf } from "./grid.ts";
import { type GridFinding, rowsOf, wellFitted } from "./judge-grid.ts";
import { bySign } from "./verdict.ts";

/** The paper's largest single contrast. */
export const finetuneUnlearnsSparse: GridFinding = {
  name: "finetune-unlearns-sparse",
  claim: "class-wise, fine-tuning makes a 95 % sparse original forget far more than a dense one",
  published: `UA of FT 22.5 % dense, 73.6 % at 95 %: +51.1 points, n = 10 (${jia}, main table)`,
  rows: (grid) => rowsOf(grid, { kinds: ["class"], models: ["dense", "omp95"], labels: ["FT"] }),
  fitted: wellFitted,
  judge: (grid) => {
    const row = (model: string): ReturnType<typeof rowOf> => rowOf(grid, { scenario: "class", model, label: "FT" });
    const [sparse, dense] = [row("omp95"), row("dense")];
    const values = differences(sparse, dense, ({ scores }) => scores.UA);
    const membership = differences(sparse, dense, ({ scores }) => scores.MIA);
    const loss = differences(sparse, dense, ({ originalTrainLoss }) => originalTrainLoss);
    return {
      ours: `UA of FT ${meanInPoints(values)}; MIA ${meanInPoints(membership)}; training loss of the sparse original minus that of the dense one ${loss.length === 0 ? "no values" : meanWithInterval(summarize(loss), (value) => signed(value, 3))}`,
      verdict: bySign(values, 1),
    };
  },
};
