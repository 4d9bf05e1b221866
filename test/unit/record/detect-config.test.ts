import { expect, it } from "vitest";
import { checkConfig } from "../../../src/record/config.ts";
import { detectConfigSchema } from "../../../src/record/detect-config.ts";
import { detectConfig } from "../../support/configs.ts";
import { thrownBy } from "../../support/thrown-by.ts";

it("takes settings with and without those that have a default", () => {
  const complete = { ...detectConfig, options: { falseAlarms: 0.02 } };
  expect(checkConfig(detectConfigSchema, detectConfig)).toBe(detectConfig);
  expect(checkConfig(detectConfigSchema, complete)).toBe(complete);
});

it.each<[object, RegExp]>([
  [{ detector: 3 }, /^detector: expected string, got number$/],
  [{ threshold: 1 }, /"threshold"/],
])("refuses %j, by name", (change, message) => {
  expect(thrownBy(() => checkConfig(detectConfigSchema, { ...detectConfig, ...change })).message).toMatch(message);
});
