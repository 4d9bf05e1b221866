import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  type BackdoorExperimentRecord,
  backdoorExperimentRecordSchema,
  parseRecord,
} from "../../../../src/record/index.ts";
import { renderBackdoorReport } from "../../../../src/report/index.ts";
import { expectOffline, poisoned } from "../offline.ts";

function committed(name: string): BackdoorExperimentRecord {
  const file = new URL(`../../../../docs/results/${name}/backdoor-experiment.json`, import.meta.url);
  return parseRecord(backdoorExperimentRecordSchema, readFileSync(file, "utf8"), name);
}

describe("the page of a backdoor experiment", () => {
  it("shows the finding, every attack with its remarks, and how options were chosen", async () => {
    const record = committed("figure6");
    const page = await renderBackdoorReport(record);
    expectOffline(page);
    for (const attack of new Set(record.cells.map((cell) => cell.attack))) expect(page).toContain(`<h2>${attack}</h2>`);
    expect(page.match(/aria-label="Finding"/g)).toHaveLength(record.findings.length);
    expect(page.match(/<ul class="remarks">[\s\S]*?<\/ul>/)?.[0].match(/<li>/g)?.length).toBe(
      record.remarks.filter(({ attack }) => attack === record.cells[0]?.attack).length,
    );
    expect(page).toContain("Options, chosen on clean held-out images");
  });

  it("names what failed among its notes, and leaves out the search where all options were given", async () => {
    const failures = [{ title: "seed 1, badnets: train", code: "E_DATA", message: "no data" }];
    const page = await renderBackdoorReport({ ...committed("suspects"), searches: [], failures });
    expect(page).toContain("failed: seed 1, badnets: train: no data");
    expect(page).not.toContain("Options, chosen on clean held-out images");
  });

  it("runs and fetches nothing, whatever the record says", async () => {
    const { findings, remarks, notes, ...record } = committed("suspects");
    const words = poisoned({ findings, remarks, notes, title: record.title });
    expectOffline(await renderBackdoorReport({ ...record, ...words }));
  });
});
