import { expect, it } from "vitest";
import { expectWithinEpochs, sgdOptions } from "../../../src/unlearn/sgd-options.ts";
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

it("have no part longer than the whole", () => {
  const error = thrownBy(() => expectWithinEpochs("scrub", "maxEpochs", 2, 1));
  expect(error).toMatchObject({
    code: "E_ARG",
    message: "scrub maxEpochs: expected at most the number of epochs, 1, got 2",
    hint: "lower --max-epochs to 1, or raise --epochs to 2",
  });
  expect(() => expectWithinEpochs("scrub", "maxEpochs", 2, 2)).not.toThrow();
});
