import { expect, it } from "vitest";
import { dataCommand, received } from "../../../../src/cli/commands/data.ts";
import { datasets } from "../../../../src/data/registry.ts";
import { printedBy } from "../../../support/command-line.ts";

const printed = async (...args: string[]): Promise<string> =>
  (await printedBy(() => dataCommand().parse(args, { from: "user" }))).out;

it("lists the data sets and where they are, for people and for programs", async () => {
  const list = JSON.parse(await printed("list", "--json")) as { name: string; found: string | null }[];
  expect(list.map(({ name }) => name)).toEqual(datasets.map(({ name }) => name));
  expect(list.map(({ found }) => found)).toEqual(datasets.map(({ find }) => find() ?? null));
  const table = await printed();
  for (const { name, found } of list) {
    const [row = ""] = table.split("\n").filter((line) => line.startsWith(`│ ${name} `));
    expect(row).toContain(found ?? `not found: coppice data get ${name}`);
  }
});

it("says how much of a file was received", () => {
  expect(received("train.gz", 3.5 * 2 ** 20, 25.25 * 2 ** 20)).toBe("train.gz: 3.5 of 25.3 MiB");
  expect(received("train.gz", 0, null)).toBe("train.gz: 0.0 of an unknown number of MiB");
});
