import { describe, expect, it } from "vitest";
import type { TransferConfig } from "../../../../src/record/index.ts";
import { transferRecipe } from "../../../../src/stages/index.ts";
import { checkTransferConfig } from "../../../../src/stages/transfer/transfer-config.ts";
import { transferConfig } from "../../../support/configs.ts";
import { thrownBy } from "../../../support/thrown-by.ts";

describe("the settings of a transfer", () => {
  it("are by default the paper's", () => {
    expect(transferRecipe).toMatchObject({
      epochs: 200,
      batchSize: 256,
      optimizer: "adam",
      lr: 1e-4,
      weightDecay: 0,
      schedule: "cosine",
    });
    expect(() => checkTransferConfig(transferConfig)).not.toThrow();
  });

  it("can be checked before the source is there", () => {
    const { model: _, ...withoutModel } = transferConfig;
    expect(() => checkTransferConfig(withoutModel)).not.toThrow();
  });

  it.each<[Partial<TransferConfig>, string, string]>([
    [{ validationFraction: 1 }, "E_ARG", "validation: expected a number in [0, 1), got 1"],
    [{ validationFraction: -0.1 }, "E_ARG", "validation: expected a number in [0, 1), got -0.1"],
    [{ seed: 1.5 }, "E_ARG", "seed: expected an integer >= 0, got 1.5"],
    [{ recipe: { ...transferRecipe, epochs: 0 } }, "E_ARG", "epochs: expected an integer >= 1, got 0"],
    [{ probe: "ff" as never }, "E_ARG", 'probe: expected one of linear, full, got "ff"'],
    [
      { probe: "linear", recipe: { ...transferRecipe, augment: true } },
      "E_CONFIG",
      "probe linear: expected images as they are, got a recipe that augments them",
    ],
  ])("are refused: %j", (change, code, message) => {
    const error = thrownBy(() => checkTransferConfig({ ...transferConfig, ...change }));
    expect([error.code, error.message]).toEqual([code, message]);
  });

  it("may augment where all of the network is trained", () => {
    const recipe = { ...transferRecipe, augment: true };
    expect(() => checkTransferConfig({ ...transferConfig, probe: "full", recipe })).not.toThrow();
  });

  it("are refused where one is unknown", () => {
    expect(thrownBy(() => checkTransferConfig({ ...transferConfig, rewindEpoch: 1 } as never)).message).toMatch(
      /rewindEpoch/,
    );
  });
});
