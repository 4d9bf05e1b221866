import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RecipeConfig, TrainConfig } from "../../../src/record/index.ts";
import { checkRecipe, checkTrainConfig } from "../../../src/stages/config.ts";
import { trainConfig } from "../../support/configs.ts";
import { thrownBy } from "../../support/thrown-by.ts";

const { recipe } = trainConfig;

describe("checkRecipe", () => {
  it.each<[Partial<RecipeConfig>, string]>([
    [{ epochs: 0 }, "epochs: expected an integer >= 1, got 0"],
    [{ epochs: 1.5 }, "epochs: expected an integer >= 1, got 1.5"],
    [{ batchSize: 0 }, "batch-size: expected an integer >= 1, got 0"],
    [{ lr: 0 }, "lr: expected a finite number > 0, got 0"],
    [{ lr: NaN }, "lr: expected a finite number > 0, got NaN"],
    [{ epochs: 1e12 }, "epochs: expected an integer <= 100000, got 1000000000000"],
    [{ lr: 1e300 }, "lr: expected a number in [0, 1e+30], got 1e+300"],
    [{ weightDecay: 1e300 }, "weight-decay: expected a number in [0, 1e+30], got 1e+300"],
    [{ momentum: 1.1 }, "momentum: expected a number in [0, 1], got 1.1"],
    [{ weightDecay: -1e-4 }, "weight-decay: expected a finite number >= 0, got -0.0001"],
    [{ epochs: 3, warmupEpochs: 4 }, "warmup-epochs: expected an integer >= 0 and <= 3, got 4"],
    [{ milestones: [0.5, 91] }, "milestones: expected shares of the epochs between 0 and 1, got 91"],
  ])("refuses %j in the words of the options", (change, message) => {
    const error = thrownBy(() => checkRecipe({ ...recipe, ...change }));
    expect([error.code, error.message]).toEqual(["E_ARG", message]);
  });

  it("takes the ends of the ranges", () => {
    const ends = { epochs: 1, batchSize: 1, momentum: 1, weightDecay: 0, warmupEpochs: 1, milestones: [] };
    expect(() => checkRecipe({ ...recipe, ...ends })).not.toThrow();
    expect(() => checkRecipe({ ...recipe, momentum: 0, warmupEpochs: 0 })).not.toThrow();
  });

  it("refuses Nesterov without momentum, which only SGD has", () => {
    const without = { ...recipe, nesterov: true, momentum: 0 };
    expect(thrownBy(() => checkRecipe(without))).toMatchObject({
      code: "E_CONFIG",
      message: "nesterov: expected momentum above 0 with it, got momentum 0",
      hint: "leave --nesterov out, or raise --momentum",
    });
    expect(() => checkRecipe({ ...without, momentum: 0.9 })).not.toThrow();
    expect(() => checkRecipe({ ...without, optimizer: "adam" })).not.toThrow();
  });

  it("takes milestones that are shares, and no others", () => {
    fc.assert(
      fc.property(fc.double({ min: -2, max: 2, noNaN: true }), (share) => {
        const check = (): void => checkRecipe({ ...recipe, milestones: [0.5, share] });
        if (share > 0 && share < 1) check();
        else
          expect(thrownBy(check).hint).toBe(
            "0.5,0.75 divides the learning rate by ten after half and after three quarters of the epochs",
          );
      }),
    );
    expect(thrownBy(() => checkRecipe({ ...recipe, milestones: [NaN] })).message).toMatch(/got NaN$/);
  });
});

describe("checkTrainConfig", () => {
  it.each<[Partial<TrainConfig>, string]>([
    [{ seed: -1 }, "seed: expected an integer >= 0, got -1"],
    [{ split: { mode: "standard", validationFraction: 1 } }, "validation: expected a number in [0, 1), got 1"],
    [{ rewindEpoch: 183 }, "rewind-epoch: expected an integer >= 0 and <= 182, got 183"],
    [{ sharding: { shards: 1, slices: 1 } }, "shards: expected an integer >= 2, got 1"],
    [{ sharding: { shards: 2, slices: 0 } }, "slices: expected an integer >= 1, got 0"],
    [
      { sharding: { shards: 2, slices: 900 } },
      "slices: expected few enough for the last one to be trained on, got 900 for 182 epochs",
    ],
    [{ sharding: { shards: 1e9, slices: 1 } }, "shards: expected an integer <= 1000, got 1000000000"],
    [{ sharding: { shards: 2, slices: 1e9 } }, "slices: expected an integer <= 1000, got 1000000000"],
    [{ recipe: { ...recipe, lr: -1 } }, "lr: expected a finite number > 0, got -1"],
  ])("refuses %j", (change, message) => {
    expect(thrownBy(() => checkTrainConfig({ ...trainConfig, ...change })).message).toBe(message);
  });

  it("refuses a setting that is missing, unknown or misspelt before it looks at ranges", () => {
    const { seed: _seed, ...without } = trainConfig;
    expect(thrownBy(() => checkTrainConfig(without as never)).message).toMatch(/^seed: expected number/);
    expect(thrownBy(() => checkTrainConfig({ ...trainConfig, sede: 1, seed: -1 } as never)).message).toMatch(/sede/);
    const misspelt = { ...trainConfig, stem: "cifra" as never };
    expect(thrownBy(() => checkTrainConfig(misspelt)).hint).toBe("did you mean cifar?");
  });

  it("takes the defaults, and the paper's settings in shards", () => {
    expect(() => checkTrainConfig(trainConfig)).not.toThrow();
    expect(() => checkTrainConfig({ ...trainConfig, sharding: { shards: 5, slices: 4 } })).not.toThrow();
  });
});
