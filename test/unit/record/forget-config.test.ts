import { expect, it } from "vitest";
import { checkConfig } from "../../../src/record/config.ts";
import { forgetConfigSchema } from "../../../src/record/forget-config.ts";
import { forgetConfig } from "../../support/configs.ts";
import { thrownBy } from "../../support/thrown-by.ts";

it("takes settings with and without those that have a default", () => {
  const complete = { ...forgetConfig, cleanse: {}, withhold: 0.1, precision: "bf16" };
  expect(checkConfig(forgetConfigSchema, forgetConfig)).toBe(forgetConfig);
  expect(checkConfig(forgetConfigSchema, complete)).toBe(complete);
});

it.each<[object, RegExp]>([
  [{ request: { kind: "class" } }, /^request/],
  [{ request: { kind: "random", count: 3, fraction: 0.1 } }, /^request/],
  [{ engine: "fast" }, /^engine: expected one of auto, sparse, dense, got "fast"$/],
  [{ options: { epochs: true } }, /^options\.epochs: /],
])("refuses %j, by name", (change, message) => {
  expect(thrownBy(() => checkConfig(forgetConfigSchema, { ...forgetConfig, ...change })).message).toMatch(message);
});
