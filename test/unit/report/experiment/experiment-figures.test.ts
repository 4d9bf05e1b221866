import { describe, expect, it } from "vitest";
import { figureNames } from "../../../../src/record/index.ts";
import type { ExperimentRecord } from "../../../../src/record/index.ts";
import { experimentFigures } from "../../../../src/report/experiment/experiment-figures.ts";
import { elementsOf } from "../markup.ts";
import { madeUpExperiment } from "./made-up-experiment.ts";

async function chartsOf(
  figures: ExperimentRecord["figures"],
  changes: Partial<ExperimentRecord> = {},
): Promise<string[]> {
  const parts = await experimentFigures(madeUpExperiment({ figures, ...changes }), "class");
  return parts.flatMap(({ markup }) =>
    elementsOf(markup)
      .filter(({ name }) => name === "svg")
      .map(({ attributes }) => attributes.get("aria-label") ?? ""),
  );
}

describe("figures of a grid", () => {
  it("are those that the record asks for, in its order", async () => {
    const [first, ...others] = await chartsOf(["loss-scatter", "method-bars"]);
    expect(first).toMatch(/^UA of FT against the training loss/);
    expect(others).toHaveLength(3);
    expect(others.at(-1)).toMatch(/^Disparity Ave\. of FT for dense and OMP 95 %/);
  });

  it.each([
    ["sparsity-curves", 5],
    ["radar", 2],
    ["method-bars", 2],
    ["loss-scatter", 2],
    ["samples", 0],
  ] as const)("%s: %i charts of a grid with one method", async (name, count) => {
    expect(await chartsOf([name])).toHaveLength(count);
  });

  it("show the published bars only where there are published numbers", async () => {
    expect(await chartsOf(["method-bars"], { name: "mine" })).toHaveLength(1);
  });

  it("are none where no method is done, and none of another scenario", async () => {
    const { rows } = madeUpExperiment();
    expect(await chartsOf([...figureNames], { rows: rows.filter(({ label }) => label !== "FT") })).toEqual([]);
    expect(await experimentFigures(madeUpExperiment({ figures: ["radar"] }), "random")).toEqual([]);
  });
});
