import { expect, it } from "vitest";
import { collectWarnings } from "../../../../src/experiments/grid/collect-warnings.ts";
import { expandGrid } from "../../../../src/experiments/grid/expand.ts";
import { JobStore } from "../../../../src/jobs/job-store.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";
import { finish } from "./finished-cells.ts";
import { tinyGrid } from "./tiny-grid.ts";

const [random] = tinyGrid().scenarios;
const cells = expandGrid(
  tinyGrid({ scenarios: [random!, { ...random!, id: "class", request: { kind: "class", classes: [0] } }] }),
);

it("gives each warning of the evaluations once, with the scenarios it holds for", () => {
  const store = new JobStore(temporaryFolder(), 60);
  for (const cell of cells.filter(({ label }) => label === "FT")) {
    finish(store, cell, { notes: ["drawn images", ...(cell.scenario.id === "class" ? ["no test images"] : [])] });
  }
  expect(collectWarnings(cells, store)).toEqual([
    { text: "drawn images", scenarios: ["random", "class"] },
    { text: "no test images", scenarios: ["class"] },
  ]);
});

it("gives none where nothing is done", () => {
  expect(collectWarnings(cells, new JobStore(temporaryFolder(), 60))).toEqual([]);
});
