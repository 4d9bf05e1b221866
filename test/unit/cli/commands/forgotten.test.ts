import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { forgottenCommand } from "../../../../src/cli/commands/forgotten.ts";
import { forgetStage, quietContext, RunFolder } from "../../../../src/stages/index.ts";
import { forgotten } from "../../../../src/library/index.ts";
import { printedBy } from "../../../support/command-line.ts";
import { rejectionOf } from "../../../support/rejection.ts";
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
  (await printedBy(() => forgottenCommand().parseAsync(args, { from: "user" }))).out;

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

  it.each([
    ["none", "id\n"],
    ["positions", "index\n3\n"],
  ])("refuses a file that lists %s", async (what, text) => {
    writeFileSync(join(runs, "bad.csv"), text);
    const command = forgottenCommand().parseAsync([run, "--ids", join(runs, "bad.csv")], { from: "user" });
    expect((await rejectionOf(command)).message).toContain(`expected at least one id, got ${what}`);
  });

  it("reads a column and some rows of a table", async () => {
    writeFileSync(join(runs, "table.csv"), "record;customer\ntrain/1;C-1\ntrain/2;C-2\n");
    const options = ["--id-column", "record", "--where", "customer=C-2", "--json"];
    const rows = JSON.parse(await printed(run, "--ids", join(runs, "table.csv"), ...options)) as object[];
    expect(rows).toEqual(forgotten(run, ["train/2"]));
  });
});
