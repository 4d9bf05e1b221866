import { expect, it } from "vitest";
import { checkSeal, sealRecord } from "../../../src/record/seal.ts";
import { thrownBy } from "../../support/thrown-by.ts";

const record: { name: string; list: number[]; absent?: string | undefined; recordHash?: string } = {
  name: "run",
  list: [1, 2],
  absent: undefined,
};

it("a sealed record is taken, whatever the order of its fields, and so is one of earlier versions", () => {
  const sealed = sealRecord(record);
  expect(sealed.recordHash).toMatch(/^[0-9a-f]{64}$/);
  const read = JSON.parse(JSON.stringify(sealed)) as typeof sealed;
  expect(checkSeal(read, "a.json")).toBe(read);
  expect(checkSeal(Object.fromEntries(Object.entries(read).toReversed()), "a.json")).toEqual(read);
  expect(checkSeal(record, "a.json")).toBe(record);
  expect(sealRecord(sealed)).toEqual(sealed);
});

it("a record that was changed after it was sealed is refused by its file", () => {
  const sealed = sealRecord(record);
  for (const change of [{ name: "other" }, { list: [1] }, { more: 1 }]) {
    const error = thrownBy(() => checkSeal({ ...sealed, ...change }, "a.json"));
    expect(error.code).toBe("E_CHECKPOINT");
    expect(error.message).toMatch(`a.json: expected content of hash ${sealed.recordHash}, got `);
  }
});
