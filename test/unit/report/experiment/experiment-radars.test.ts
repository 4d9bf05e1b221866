import { describe, expect, it } from "vitest";
import type { ExperimentRecord } from "../../../../src/record/index.ts";
import { radarSection } from "../../../../src/report/experiment/experiment-radars.ts";
import { namedRows } from "../../../../src/report/experiment/experiment-rows.ts";
import { elementsOf, textOf } from "../markup.ts";
import { madeUpExperiment, madeUpRow, oracle } from "./made-up-experiment.ts";

const sectionOf = async (record: ExperimentRecord): Promise<string> =>
  (await radarSection(record, namedRows(record))).markup;

describe("radars of a grid", () => {
  it("are one a method and original", async () => {
    const elements = elementsOf(await sectionOf(madeUpExperiment()));
    const charts = elements.filter(({ name }) => name === "svg").map(({ attributes }) => attributes.get("aria-label"));
    expect(charts).toHaveLength(2);
    expect(charts[1]).toContain("of FT from the OMP 95 % original and of Retrain");
  });

  it("say where their axes end: where the values of methods and Retrain need it", async () => {
    const rows = [
      madeUpRow({ model: "dense", method: "original", label: "Original", scores: [oracle] }),
      madeUpRow({ model: "dense", method: "finetune", label: "FT", scores: [[0.04, 0.08, 1, 0.9]] }),
    ];
    const text = textOf(await sectionOf(madeUpExperiment({ rows }))).replaceAll("\u202f", " ");
    expect(text).toContain("(n = 1). All axes from 0, to UA 5 %, MIA 10 %, RA 100 % and TA 100 %.");
  });

  it("have the published one beside them only in a recipe of the paper that has l1-sparse", async () => {
    const rows = [madeUpRow({ model: "dense", method: "l1-sparse", label: "l1-sparse", scores: [oracle] })];
    expect(await sectionOf(madeUpExperiment({ name: "figure5", rows }))).toContain(
      "Published (Jia et al. 2023, figure 5)",
    );
    expect(await sectionOf(madeUpExperiment({ name: "demo", rows }))).not.toMatch(/published/i);
    expect(await sectionOf(madeUpExperiment({ name: "figure5" }))).not.toMatch(/published/i);
  });
});
