import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { expandGrid } from "../../../../src/experiments/grid/expand.ts";
import { evaluationOf, finishedCells, originalOf } from "../../../../src/experiments/grid/finished.ts";
import { JobStore } from "../../../../src/jobs/job-store.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";
import { thrownBy } from "../../../support/thrown-by.ts";
import { finish } from "./finished-cells.ts";
import { tinyGrid } from "./tiny-grid.ts";

const cells = expandGrid(tinyGrid());
const [cell] = cells;

it("tells cells that are evaluated from the others, and reads what they left", () => {
  const store = new JobStore(temporaryFolder(), 60);
  expect(finishedCells(cells, store)).toEqual([]);
  finish(store, cell!, { notes: ["few images"] }, 0.125);
  expect(finishedCells(cells, store)).toEqual([cell]);
  expect(evaluationOf(cell!, store).notes).toEqual(["few images"]);
  expect(originalOf(cell!, store).result?.trainLoss).toBe(0.125);
});

it("says which folder to remove where a record is damaged", () => {
  const store = new JobStore(temporaryFolder(), 60);
  finish(store, cell!);
  const folder = store.folderOf(cell!.evaluation.key);
  writeFileSync(join(folder, "evaluation.json"), "{");
  const error = thrownBy(() => evaluationOf(cell!, store));
  expect(error.code).toBe("E_CHECKPOINT");
  expect(error.hint).toBe(`remove ${folder}: its stage is then done again`);
});

it("refuses an evaluation without the scores that rows are made of", () => {
  const store = new JobStore(temporaryFolder(), 60);
  finish(store, cell!);
  const file = join(store.folderOf(cell!.evaluation.key), "evaluation.json");
  const { metrics, ...record } = evaluationOf(cell!, store);
  const { UA: _UA, MIA: _MIA, ...left } = metrics;
  writeFileSync(file, JSON.stringify({ ...record, metrics: left }));
  expect(thrownBy(() => evaluationOf(cell!, store)).message).toContain("expected an evaluation with UA and MIA");
});
