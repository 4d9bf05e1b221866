/** The records under docs/results are of the documented schemas, and their tables are made from them by the code as it is. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  backdoorExperimentRecordSchema,
  experimentRecordSchema,
  parseRecord,
  theoryRecordSchema,
  transferRecordSchema,
} from "../../src/record/index.ts";
import { renderBackdoorTable, renderScores, renderTheoryTable, renderTransferTable } from "../../src/report/index.ts";

const root = new URL("../../docs/results/", import.meta.url);
const folders = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** The table of a folder, made again from its record. */
function tableOf(folder: string): readonly [file: string, text: string] {
  const read = (file: string): string => readFileSync(new URL(`${folder}/${file}`, root), "utf8");
  const has = (file: string): boolean => existsSync(new URL(`${folder}/${file}`, root));
  if (has("experiment.json")) {
    return ["scores.md", renderScores(parseRecord(experimentRecordSchema, read("experiment.json"), folder), "md")];
  }
  if (has("backdoor-experiment.json")) {
    return [
      "scores.md",
      renderBackdoorTable(parseRecord(backdoorExperimentRecordSchema, read("backdoor-experiment.json"), folder)),
    ];
  }
  if (has("theory.json")) {
    return ["table.md", renderTheoryTable(parseRecord(theoryRecordSchema, read("theory.json"), folder))];
  }
  return ["table.md", renderTransferTable(parseRecord(transferRecordSchema, read("transfer.json"), folder))];
}

describe("docs/results", () => {
  it("has a folder for each recipe", () => {
    expect(folders.length).toBeGreaterThan(9);
  });

  it.each(folders)("%s: its table is what the code makes of its record", (folder) => {
    const [file, text] = tableOf(folder);
    expect(readFileSync(new URL(`${folder}/${file}`, root), "utf8")).toBe(text);
  });
});
