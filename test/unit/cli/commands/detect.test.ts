import { describe, expect, it } from "vitest";
import { detectCommand, detectConfig } from "../../../../src/cli/commands/detect.ts";
import { helpOf, optionsFrom } from "../../../support/command-line.ts";
import { originalRecord } from "../../../support/run-config.ts";

const required = ["--model", "m", "--out", "x.csv"];

describe("the settings of a search for suspects", () => {
  it("have the model's seed where none is given, and the detector's options", () => {
    const options = optionsFrom(detectCommand(), ...required, "--detector", "strip", "--false-alarms", "0.2");
    expect(detectConfig(options, originalRecord({ batchSize: 96, seed: 3 }))).toEqual({
      model: "m",
      detector: "strip",
      options: { falseAlarms: 0.2 },
      data: { allowUnverified: false },
      seed: 3,
      device: "cpu",
    });
  });

  it("need a detector", () => {
    expect(() => optionsFrom(detectCommand(), ...required)).toThrow("required option '--detector <name>'");
    expect(() => optionsFrom(detectCommand(), ...required, "--detector", "strop")).toThrow("Allowed choices are");
  });
});

it("the help lists the detectors, and the options of the one that is named", () => {
  expect(helpOf(detectCommand())).toMatch(/^ {2}spectral-signatures +suspects /m);
  expect(helpOf(detectCommand())).not.toContain("--false-alarms");
  expect(helpOf(detectCommand(), "--detector", "strip")).toContain("--false-alarms");
});
