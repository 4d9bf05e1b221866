import { expect, it } from "vitest";
import { checkConfig } from "../../../src/record/config.ts";
import { trainConfigSchema } from "../../../src/record/train-config.ts";
import { trainConfig } from "../../support/configs.ts";
import { thrownBy } from "../../support/thrown-by.ts";

it("takes settings with and without those that have a default", () => {
  const complete = { ...trainConfig, sharding: { shards: 2, slices: 1 } };
  expect(checkConfig(trainConfigSchema, trainConfig)).toBe(trainConfig);
  expect(checkConfig(trainConfigSchema, complete)).toBe(complete);
});

it.each<[object, RegExp]>([
  [{ stem: "big" }, /^stem: expected one of cifar, imagenet, got "big"$/],
  [{ arch: undefined }, /^arch: expected string, got undefined$/],
  [{ sharding: { shards: 2 } }, /^sharding\.slices: expected number/],
  [{ split: { mode: "standard", validationFraction: 0.1, seed: 1 } }, /^split: .*"seed"/],
])("refuses %j, by name", (change, message) => {
  expect(thrownBy(() => checkConfig(trainConfigSchema, { ...trainConfig, ...change })).message).toMatch(message);
});
