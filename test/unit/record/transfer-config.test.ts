import { expect, it } from "vitest";
import { checkConfig } from "../../../src/record/config.ts";
import { transferConfigSchema } from "../../../src/record/transfer-config.ts";
import { transferConfig } from "../../support/configs.ts";
import { thrownBy } from "../../support/thrown-by.ts";

it("takes settings with and without those that have a default", () => {
  const complete = { ...transferConfig, probe: "full" };
  expect(checkConfig(transferConfigSchema, transferConfig)).toBe(transferConfig);
  expect(checkConfig(transferConfigSchema, complete)).toBe(complete);
});

it.each<[object, RegExp]>([
  [{ probe: "linar" }, /^probe: expected one of linear, full, got "linar"$/],
  [{ recipe: { ...transferConfig.recipe, rate: 0.1 } }, /^recipe: .*"rate"/],
])("refuses %j, by name", (change, message) => {
  expect(thrownBy(() => checkConfig(transferConfigSchema, { ...transferConfig, ...change })).message).toMatch(message);
});
