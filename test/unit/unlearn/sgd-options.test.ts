import { expect, it } from "vitest";
import { sgdOptions } from "../../../src/unlearn/sgd-options.ts";
import { resolveOptions } from "../../../src/util/described-options.ts";
import { thrownBy } from "../../support/thrown-by.ts";

const options = sgdOptions({ epochs: 7, lr: 0.02, source: "a paper" });

it("have a method's epochs and rate, and the reference's momentum and weight decay", () => {
  expect(resolveOptions("a method", options, {})).toEqual({ epochs: 7, lr: 0.02, momentum: 0.9, weightDecay: 5e-4 });
  expect([options.epochs.source, options.lr.source]).toEqual(["a paper", "a paper"]);
  for (const { source } of [options.momentum, options.weightDecay]) expect(source).toMatch(/unlearn\/impl\.py/);
});

it.each([
  ["epochs", 0],
  ["epochs", 1.5],
  ["lr", 0],
  ["momentum", 1.1],
  ["weightDecay", -1],
])("refuse %s %s", (name, value) => {
  expect(thrownBy(() => resolveOptions("a method", options, { [name]: value })).code).toBe("E_ARG");
});

it("may stand for the original's own settings", () => {
  const { epochs, lr } = sgdOptions({ epochs: "original", lr: "original", source: "the original" });
  expect([epochs.default, lr.default]).toEqual(["original", "original"]);
});
