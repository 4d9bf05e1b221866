import { expect, it } from "vitest";
import { checkFailures } from "../../../src/cli/check-failures.ts";
import { thrownBy } from "../../support/thrown-by.ts";

it("ends a command with the first stage that failed and their number", () => {
  const failures = ["train", "prune"].map((title) => ({ title, code: "E_DATA", message: "no images" }));
  const error = thrownBy(() => checkFailures("table1", failures));
  expect(error.code).toBe("E_CONFIG");
  expect(error.message).toBe("table1: expected every job to succeed, got 2 that did not: train: no images");
});

it("says nothing where all succeeded", () => {
  expect(() => checkFailures("table1", [])).not.toThrow();
});
