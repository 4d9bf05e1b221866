import { expect, it } from "vitest";
import { evaluateConfig } from "../../../src/library/index.ts";
import { evaluateDefaults } from "../../../src/record/index.ts";
import { runRecord } from "../report/made-up-records.ts";

it("has the settings of the table where nothing is given", () => {
  expect(evaluateConfig("runs/a", {})).toEqual({ ...evaluateDefaults, model: "runs/a" });
});

it("takes runs and the paths of their folders", () => {
  const record = runRecord({ kind: "train", name: "b" });
  const config = evaluateConfig("runs/a", { oracle: { path: "/runs/b", record }, splitOf: "runs/c", engine: "dense" });
  expect(config).toMatchObject({ oracle: "/runs/b", splitOf: "runs/c", engine: "dense" });
});
