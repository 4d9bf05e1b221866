import { expect, it } from "vitest";
import { evaluateCommand, evaluateConfig } from "../../../../src/cli/commands/evaluate.ts";
import { optionsFrom } from "../../../support/command-line.ts";

const configOf = (...args: string[]): object => evaluateConfig("r", optionsFrom(evaluateCommand(), "r", ...args));

it("is of the run alone, or beside Retrain and with another run's forget set", () => {
  const alone = { model: "r", data: { allowUnverified: false }, device: "cpu", engine: "auto" };
  expect(configOf()).toEqual(alone);
  expect(configOf("--oracle", "o", "--split", "s", "--data-folder", "d", "--engine", "dense")).toEqual({
    ...alone,
    oracle: "o",
    splitOf: "s",
    data: { allowUnverified: false, folder: "d" },
    engine: "dense",
  });
  expect(() => configOf("--engine", "sparse")).toThrow("Allowed choices are auto, dense");
});
