import { describe, expect, it } from "vitest";
import type { ExperimentRecord } from "../../../../src/record/index.ts";
import { experimentNotes } from "../../../../src/report/experiment/experiment-notes.ts";
import { madeUpExperiment } from "./made-up-experiment.ts";

const record = madeUpExperiment({ notes: ["a small network"] });

/** With this training loss and accuracy of the pruned original. */
function withPruned(loss: number, accuracy: number): ExperimentRecord {
  const rows = record.rows.map((row) => {
    const { summary } = row;
    if (row.model === "dense" || summary === undefined) return row;
    const originalTrainLoss = { ...summary.originalTrainLoss, mean: loss };
    const repetitions = row.repetitions.map((each) => ({ ...each, originalTrainAccuracy: accuracy }));
    return { ...row, repetitions, summary: { ...summary, originalTrainLoss } };
  });
  return { ...record, rows };
}

describe("notes on a grid", () => {
  it("are the recipe's own where nothing else is to be said", () => {
    expect(experimentNotes(record)).toEqual(["a small network"]);
    expect(experimentNotes(withPruned(0.039, 0.995))).toEqual(["a small network"]);
  });

  it("warn where originals have not fitted equally well", () => {
    expect(experimentNotes(withPruned(0.04, 1))[1]).toMatch(
      /^The originals have not fitted their data equally well \(training loss 0\.0200 dense and 0\.0400 OMP 95 %\)/,
    );
  });

  it("warn of originals that have not fitted", () => {
    expect(experimentNotes(withPruned(0.02, 0.98))[1]).toMatch(
      /^Some originals have not fitted .*: OMP 95 % 98\u202f%\)/,
    );
  });

  it("name the scenario of what holds in some only", () => {
    const [first] = record.scenarios;
    const scenarios = [first!, { ...first!, id: "random", title: "Random" }];
    const warnings = [
      { text: "The images are drawn.", scenarios: ["class", "random"] },
      { text: "Few images.", scenarios: ["random"] },
    ];
    expect(experimentNotes({ ...record, scenarios, warnings }).slice(1)).toEqual([
      "The images are drawn.",
      "Random: Few images.",
    ]);
  });
});
