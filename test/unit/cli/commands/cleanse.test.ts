import { describe, expect, it } from "vitest";
import { cleanseCommand, cleanseSpec } from "../../../../src/cli/commands/cleanse.ts";
import { helpOf, optionsFrom } from "../../../support/command-line.ts";
import { originalRecord } from "../../../support/run-config.ts";
import { thrownBy } from "../../../support/thrown-by.ts";

const original = originalRecord({ batchSize: 96, seed: 3 });
const specOf = (...args: string[]): ReturnType<typeof cleanseSpec> =>
  cleanseSpec(optionsFrom(cleanseCommand(), "--model", "m", "--out", "x", ...args), original);

describe("the settings of cleansing", () => {
  it("are one cleanse of the model itself where nothing is compared", () => {
    expect(specOf("--suspects", "a.csv")).toEqual({
      config: {
        model: "m",
        data: { allowUnverified: false },
        seed: 3,
        device: "cpu",
        batchSize: 96,
        engine: "auto",
        precision: "float32",
      },
      suspects: { kind: "ids", file: "a.csv" },
      sparsities: [0],
      methods: [{ method: "l1-sparse", options: {} }],
    });
  });

  it("give each method those options that it has", () => {
    const { methods, sparsities } = specOf(
      ...["--suspects", "a.csv", "--sparsities", "0,0.9", "--method", "finetune", "l1-sparse"],
      ...["--epochs", "5", "--gamma", "1e-3"],
    );
    expect(sparsities).toEqual([0, 0.9]);
    expect(methods).toEqual([
      { method: "finetune", options: { epochs: 5 } },
      { method: "l1-sparse", options: { epochs: 5, gamma: 0.001 } },
    ]);
  });

  it("give the first an option that none has, so that it is refused", () => {
    const options = ["--suspects", "a.csv", "--method", "finetune", "l1-sparse", "--alpha", "1"];
    expect(specOf(...options).methods).toEqual([
      { method: "finetune", options: { alpha: 1 } },
      { method: "l1-sparse", options: {} },
    ]);
    expect(specOf("--suspects", "a.csv", "--method", "finetune", "--alpha", "1").methods).toEqual([
      { method: "finetune", options: { alpha: 1 } },
    ]);
  });

  it("tell the options of the detector from those of the method", () => {
    const spec = specOf("--detect", "strip", "--detect-alpha", "0.4", "--method", "ssd", "--alpha", "3");
    expect(spec.suspects).toEqual({ kind: "detect", detector: "strip", options: { alpha: 0.4 } });
    expect(spec.methods).toEqual([{ method: "ssd", options: { alpha: 3 } }]);
  });

  it("need suspects where the method does", () => {
    expect(specOf("--method", "anp").suspects).toEqual({ kind: "none" });
    expect(thrownBy(() => specOf()).message).toContain("expected --suspects or --detect for l1-sparse");
    expect(() => specOf("--suspects", "a.csv", "--detect", "strip")).toThrow("cannot be used with");
  });
});

it("the help shows the options of a detector where one is named", () => {
  expect(helpOf(cleanseCommand())).not.toContain("--detect-false-alarms <value>");
  expect(helpOf(cleanseCommand(), "--detect", "strip")).toContain("--detect-false-alarms <value>");
});
