import { describe, expect, it } from "vitest";
import { pruneCommand, pruneConfig } from "../../../../src/cli/commands/prune.ts";
import { helpOf, optionsFrom } from "../../../support/command-line.ts";

const configOf = (...args: string[]): ReturnType<typeof pruneConfig> =>
  pruneConfig(optionsFrom(pruneCommand(), "--model", "m", ...args));

describe("the settings of pruning", () => {
  it("leave to the stage what is not given", () => {
    expect(configOf()).toEqual({
      model: "m",
      pruner: "omp",
      sparsity: 0.95,
      allocation: "global",
      layers: "conv",
      keepConnected: false,
      data: { allowUnverified: false },
      seed: 1,
      engine: "auto",
      precision: "float32",
      device: "cpu",
    });
  });

  it("are what is given, the pruner under either name", () => {
    const given = [
      "--rate",
      "0.3",
      "--rewind",
      "initial",
      "--epochs",
      "0",
      "--keep-connected",
      "--layers",
      "conv+linear",
    ];
    for (const flag of ["--method", "--pruner"]) {
      expect(configOf(flag, "imp", ...given, "--allocation", "flops", "--flops", "0.1")).toMatchObject({
        pruner: "imp",
        rate: 0.3,
        rewind: "initial",
        epochs: 0,
        keepConnected: true,
        layers: "conv+linear",
        allocation: "flops",
        flops: 0.1,
      });
    }
  });
});

it("the help of a pruner shows its options", () => {
  expect(helpOf(pruneCommand())).not.toContain("--rate");
  expect(helpOf(pruneCommand(), "--pruner", "imp")).toMatch(/Options of imp:\n {2}--rate <value>/);
  expect(helpOf(pruneCommand(), "--method", "omp")).not.toContain("--rate");
});
