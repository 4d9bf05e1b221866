import { expect, it } from "vitest";
import { checkConfig } from "../../../src/record/config.ts";
import { poisonConfigSchema } from "../../../src/record/poison-config.ts";
import { poisonConfig } from "../../support/configs.ts";
import { thrownBy } from "../../support/thrown-by.ts";

it("takes settings with and without those that have a default", () => {
  const complete = { ...poisonConfig, request: { ...poisonConfig.request, options: { size: 3 } } };
  expect(checkConfig(poisonConfigSchema, poisonConfig)).toBe(poisonConfig);
  expect(checkConfig(poisonConfigSchema, complete)).toBe(complete);
});

it.each<[object, RegExp]>([
  [{ request: { ...poisonConfig.request, ratio: "all" } }, /^request\.ratio: expected number, got string$/],
  [{ data: { ...poisonConfig.data, poison: {} } }, /^data: .*"poison"/],
])("refuses %j, by name", (change, message) => {
  expect(thrownBy(() => checkConfig(poisonConfigSchema, { ...poisonConfig, ...change })).message).toMatch(message);
});
