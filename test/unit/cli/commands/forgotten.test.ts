import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { forgottenCommand } from "../../../../src/cli/commands/forgotten.ts";
import { forgetStage, quietContext, RunFolder } from "../../../../src/stages/index.ts";
import { forgotten } from "../../../../src/library/index.ts";
import { printedBy } from "../../../support/command-line.ts";
import { thrownBy } from "../../../support/thrown-by.ts";
import { folderOfRuns, tinyForgetting, trainTiny } from "../../../support/tiny-runs.ts";

const runs = folderOfRuns();
const [original, run, asked] = [join(runs, "original"), join(runs, "forgotten"), join(runs, "asked.csv")];

beforeAll(async () => {
  await trainTiny(original);
  const { train } = RunFolder.open(original).readSplit().indices;
  const request = { kind: "random", count: 3 } as const;
  await forgetStage({ ...tinyForgetting(original), request }, run, quietContext());
  expect(train.length).toBe(32);
  writeFileSync(asked, `id\n${Array.from({ length: 100 }, (_, i) => `train/${i}`).join("\n")}\n\u001b[31mred\n`);
});

const printed = async (...args: string[]): Promise<string> =>
  (await printedBy(() => forgottenCommand().parse(args, { from: "user" }))).out;

describe("coppice forgotten", () => {
  it("shows how each id stands, and how many of each there are", async () => {
    const text = await printed(run, "--ids", asked);
    expect(text.match(/│ train\/\d+ +│ forgotten +│/g)?.length).toBe(3);
    expect(text).toMatch(/\\u001b\[31mred +│ unknown/);
    expect(text.trim().split("\n").at(-1)?.split(", ").toSorted()).toEqual([
      "29 trained on",
      "3 forgotten",
      "61 unknown",
      "8 validation",
    ]);
  });

  it("gives the same as JSON, as the library does", async () => {
    const ids = Array.from({ length: 100 }, (_, i) => `train/${i}`);
    const rows = JSON.parse(await printed(run, "--ids", asked, "--json")) as object[];
    expect(rows.slice(0, 100)).toEqual(forgotten(run, ids));
    expect(rows[100]).toEqual({ id: "\u001b[31mred", standing: "unknown" });
  });

  it("refuses a file that lists none", () => {
    writeFileSync(join(runs, "empty.csv"), "id\n");
    const args = [run, "--ids", join(runs, "empty.csv")];
    expect(thrownBy(() => forgottenCommand().parse(args, { from: "user" })).message).toContain(
      "expected at least one id, got none",
    );
  });
});
