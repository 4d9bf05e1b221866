import { describe, expect, it } from "vitest";
import type { ExperimentRecord } from "../../../../src/record/index.ts";
import { namedRows } from "../../../../src/report/experiment/experiment-rows.ts";
import { scoresTable } from "../../../../src/report/experiment/experiment-scores.ts";
import { elementsOf, textOf } from "../markup.ts";
import { madeUpExperiment, madeUpRow, oracle } from "./made-up-experiment.ts";

const tableOf = (record: ExperimentRecord): string => scoresTable(record, namedRows(record)).markup;

describe("table of a scenario", () => {
  it("has a group for each original, and Retrain in another colour", () => {
    const markup = tableOf(madeUpExperiment());
    const groups = elementsOf(markup).filter(({ attributes }) => attributes.get("scope") === "rowgroup");
    expect(groups.map(({ attributes }) => attributes.get("colspan"))).toEqual(["9", "9"]);
    expect(markup.match(/<tr class="retrain">/g)).toHaveLength(2);
    expect(textOf(markup)).toContain("OMP 95 % original");
  });

  it("has published rows, and says so, only where there are some", () => {
    expect(textOf(tableOf(madeUpExperiment()))).toContain("Italic: published.");
    expect(tableOf(madeUpExperiment())).toContain('<tr class="published">');
    expect(textOf(tableOf(madeUpExperiment({ name: "mine" })))).not.toMatch(/published/);
  });

  it("says what its intervals are over", () => {
    expect(textOf(tableOf(madeUpExperiment()))).toContain("over seeds (Student t)");
    const single = textOf(tableOf(madeUpExperiment({ seeds: [1] })));
    expect(single).toContain("interval of the gap over images (bootstrap)");
    expect(single).not.toContain("Student");
  });

  it("marks gaps that are worse beyond chance, and none that is better or may be chance", () => {
    const [UA, MIA, RA, TA] = oracle;
    // One seed: intervals are a point to either side. UA too low, RA too low, TA better than Retrain's.
    const row = madeUpRow({
      model: "dense",
      method: "finetune",
      label: "FT",
      scores: [[UA - 0.2, MIA - 0.005, RA - 0.1, TA + 0.1]],
    });
    const markup = tableOf(madeUpExperiment({ seeds: [1], rows: [row] }));
    const marked = [...markup.matchAll(/<small class="differs">([^<]*)</g)].map(([, text]) => text);
    expect(marked).toEqual(["gap −20.00", "gap −10.00"]);
  });
});
