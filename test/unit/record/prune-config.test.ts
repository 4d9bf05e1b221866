import { expect, it } from "vitest";
import { checkConfig } from "../../../src/record/config.ts";
import { pruneConfigSchema } from "../../../src/record/prune-config.ts";
import { pruneConfig } from "../../support/configs.ts";
import { thrownBy } from "../../support/thrown-by.ts";

it("takes settings with and without those that have a default", () => {
  const complete = { ...pruneConfig, rewind: "final", layers: "conv+linear", engine: "dense", rate: 0.2 };
  expect(checkConfig(pruneConfigSchema, pruneConfig)).toBe(pruneConfig);
  expect(checkConfig(pruneConfigSchema, complete)).toBe(complete);
});

it.each<[object, RegExp]>([
  [{ rewind: "start" }, /^rewind: expected one of epoch, final, initial, got "start"$/],
  [{ layers: "linear" }, /^layers: expected one of conv, conv\+linear/],
  [{ sparsity: "0.9" }, /^sparsity: expected number, got string$/],
  [{ sparsities: [0.9] }, /"sparsities"/],
])("refuses %j, by name", (change, message) => {
  expect(thrownBy(() => checkConfig(pruneConfigSchema, { ...pruneConfig, ...change })).message).toMatch(message);
});
