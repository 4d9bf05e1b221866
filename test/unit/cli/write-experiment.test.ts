import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { writeExperiment } from "../../../src/cli/write-experiment.ts";
import { experimentRecordSchema, parseRecord } from "../../../src/record/index.ts";
import { renderScores } from "../../../src/report/index.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { madeUpExperiment } from "../report/experiment/made-up-experiment.ts";

it("leaves the record, its tables in every form, and the report", async () => {
  const out = temporaryFolder();
  const record = madeUpExperiment();
  await writeExperiment(record, out);
  const files = ["experiment.json", "report.html", "scores.csv", "scores.json", "scores.md", "scores.tex"];
  expect(readdirSync(out).toSorted()).toEqual([...files, "times.csv", "times.md"]);
  const read = (name: string): string => readFileSync(join(out, name), "utf8");
  expect(parseRecord(experimentRecordSchema, read("experiment.json"), "experiment.json")).toEqual(record);
  expect(read("scores.md")).toBe(renderScores(record, "md"));
  expect(read("report.html")).toContain("<!doctype html>");
});
