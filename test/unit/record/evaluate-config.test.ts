import { expect, it } from "vitest";
import { checkConfig } from "../../../src/record/config.ts";
import { evaluateConfigSchema } from "../../../src/record/evaluate-config.ts";
import { evaluateConfig } from "../../support/configs.ts";
import { thrownBy } from "../../support/thrown-by.ts";

it("takes settings with and without those that have a default", () => {
  const complete = { ...evaluateConfig, oracle: "runs/oracle", engine: "auto" };
  expect(checkConfig(evaluateConfigSchema, evaluateConfig)).toBe(evaluateConfig);
  expect(checkConfig(evaluateConfigSchema, complete)).toBe(complete);
});

it.each<[object, RegExp]>([
  [{ engine: "sparse" }, /^engine: expected one of auto, dense, got "sparse"$/],
  [{ model: "" }, /^model: /],
  [{ data: {} }, /^data\.allowUnverified: expected boolean, got undefined$/],
])("refuses %j, by name", (change, message) => {
  expect(thrownBy(() => checkConfig(evaluateConfigSchema, { ...evaluateConfig, ...change })).message).toMatch(message);
});
