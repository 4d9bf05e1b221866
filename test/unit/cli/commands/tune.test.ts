import { describe, expect, it } from "vitest";
import { tuneCommand, tuneConfig } from "../../../../src/cli/commands/tune.ts";
import { optionsFrom } from "../../../support/command-line.ts";
import { originalRecord } from "../../../support/run-config.ts";
import { thrownBy } from "../../../support/thrown-by.ts";

const original = originalRecord({ batchSize: 96, seed: 3 });
const configOf = (...args: string[]): ReturnType<typeof tuneConfig> =>
  tuneConfig(optionsFrom(tuneCommand(), "--model", "m", "--out", "x", ...args), original);

describe("the settings of a search", () => {
  it("leave engine and precision to the stage", () => {
    expect(configOf("--class", "0")).toEqual({
      model: "m",
      request: { kind: "class", classes: ["0"] },
      method: "l1-sparse",
      withhold: 0.1,
      options: {},
      batchSize: 96,
      data: { allowUnverified: false },
      seed: 3,
      device: "cpu",
    });
  });

  it("are what is given: an option of the method is fixed", () => {
    const budget = ["--trials", "4", "--minutes", "2.5", "--search", "lr=1e-3:1e-1:log", "--withhold", "0.2"];
    expect(
      configOf("--count", "9", "--method", "finetune", "--epochs", "5", ...budget, "--engine", "dense"),
    ).toMatchObject({
      request: { kind: "random", count: 9 },
      method: "finetune",
      options: { epochs: 5 },
      trials: 4,
      minutes: 2.5,
      search: "lr=1e-3:1e-1:log",
      withhold: 0.2,
      engine: "dense",
    });
  });

  it("say what is taken along", () => {
    const along = { withCopies: true, withMissing: true };
    expect(configOf("--class", "0", "--with-copies", "--with-missing")).toMatchObject(along);
  });

  it("say what to forget", () => {
    expect(thrownBy(() => configOf()).code).toBe("E_ARG");
  });
});
