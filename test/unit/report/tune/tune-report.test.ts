import { describe, expect, it } from "vitest";
import { renderTuneReport, renderTuneTable } from "../../../../src/report/index.ts";
import { expectOffline, poisoned } from "../offline.ts";
import { madeUpTune } from "./made-up-tune.ts";

const rows = (table: string): string[] => table.split("\n").filter((line) => line.startsWith("| "));

it("lists trials that ran in full first, the best of them on top, then cut ones, failed ones, and the model as it is", () => {
  expect(rows(renderTuneTable(madeUpTune)).slice(2)).toEqual([
    "| 2 (best) | lr 0.02, schedule decay | 3 | 10.00 | 10.00 | 10.00 | 10.00 | 10.00 | 12 s |",
    "| 0 | as without a search | 3 | 20.00 | 20.00 | 20.00 | 20.00 | 20.00 | 12 s |",
    "| 1 | lr 0.01, schedule decay | 1 (cut) | 30.00 | 30.00 | 30.00 | 30.00 | 30.00 | 12 s |",
    "| 3 | lr 9, schedule decay: diverged | 1 (cut) | failed |  |  |  |  | 3 s |",
    "|  | the model as it is |  | 40.00 | 40.00 | 40.00 | 40.00 | 40.00 |  |",
  ]);
});

it("gives the command that uses the best options", () => {
  expect(renderTuneTable(madeUpTune)).toContain("    coppice forget --model runs/original --lr 0.02\n");
});

it("is a page that runs and fetches nothing, whatever the record says", async () => {
  const page = await renderTuneReport(madeUpTune);
  expectOffline(page);
  expect(page).toContain("Objective 10.00, without a search 20.00, the model as it is\n      40.00.");
  expect(page).toContain("99.00 before, 90.00 with the best (−9.00)");
  expect(page.match(/<svg/g)).toHaveLength(2); // over trials, and over lr; a choice has no axis
  expectOffline(await renderTuneReport(poisoned(madeUpTune)));
});

it("says plainly that nothing better was found", async () => {
  const best = { ...madeUpTune.best, trial: 0, options: {} };
  const page = await renderTuneReport({ ...madeUpTune, best });
  expect(page).toContain("nothing better found");
  expect(page).toContain('<p class="headline">as without a search</p>');
});

describe("a search in which every trial is worse than the model as it is", () => {
  const original = { ...madeUpTune.original, objective: { ...madeUpTune.original.objective, value: 0.05 } };

  it.each([
    { ...madeUpTune, original },
    { ...madeUpTune, original, betterThanNothing: false },
  ])("is a page and a table that say so, in red, without a command", async (record) => {
    const page = await renderTuneReport(record);
    expect(page).toMatch(
      /<section class="verdict bad" aria-label="Best">\s*<p class="label">nothing better than doing nothing/,
    );
    const table = renderTuneTable(record);
    for (const text of [page, table]) {
      expect(text).toContain("Nothing that was tried is better than leaving the model as it is.");
      expect(text).not.toContain("coppice forget");
    }
  });
});
