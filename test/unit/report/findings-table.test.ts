import { expect, it } from "vitest";
import { findingsTable } from "../../../src/report/findings-table.ts";

const finding = {
  claim: "sparser is closer",
  published: "5 to 2",
  ours: "4 to 3 (n = 2)",
  verdict: "reproduced",
} as const;

it("sets what was published beside what came out", () => {
  expect(findingsTable([finding]).split("\n").slice(2)).toEqual([
    "| Finding | Published | Here | Verdict |",
    "| --- | --- | --- | --- |",
    "| sparser is closer | 5 to 2 | 4 to 3 (n = 2) | reproduced |",
  ]);
});

it("names the attack where each has a separate verdict", () => {
  const lines = findingsTable([{ ...finding, attack: "sig" }]).split("\n");
  expect(lines[2]).toBe("| Attack | Finding | Published | Here | Verdict |");
  expect(lines[4]).toMatch(/^\| sig \| sparser/);
});

it("is nothing without findings", () => {
  expect(findingsTable([])).toBe("");
});
