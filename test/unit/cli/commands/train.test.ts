import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { trainCommand, trainConfig } from "../../../../src/cli/commands/train.ts";
import { poisonStage } from "../../../../src/stages/index.ts";
import { optionsFrom } from "../../../support/command-line.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";
import { thrownBy } from "../../../support/thrown-by.ts";

const configOf = (...args: string[]): ReturnType<typeof trainConfig> =>
  trainConfig(optionsFrom(trainCommand(), "--out", "x", ...args), []);

describe("the settings of a training", () => {
  it("are the published ones where nothing is given", () => {
    expect(configOf()).toEqual({
      data: { name: "fashion-mnist", allowUnverified: false },
      split: { mode: "standard", validationFraction: 0.1 },
      arch: "resnet18",
      stem: "cifar",
      recipe: {
        epochs: 182,
        batchSize: 256,
        optimizer: "sgd",
        lr: 0.1,
        momentum: 0.9,
        weightDecay: 0.0005,
        nesterov: false,
        schedule: "multistep",
        milestones: [0.5, 0.75],
        warmupEpochs: 0,
        augment: true,
      },
      rewindEpoch: 8,
      seed: 1,
      device: "cpu",
    });
  });

  it("are what is given", () => {
    const data = ["--data", "embedded", "--classes", "0", "cat", "--num-train", "200", "--data-folder", "/data"];
    const training = ["--epochs", "20", "--no-augment", "--nesterov", "--milestones", "0.25", "--schedule", "cosine"];
    const config = configOf(...data, ...training, "--split", "reference", "--validation", "0.2", "--device", "cuda");
    expect(config.data).toEqual({
      name: "embedded",
      classes: ["0", "cat"],
      numTrain: 200,
      allowUnverified: false,
      folder: "/data",
    });
    expect(config.split).toEqual({ mode: "reference", validationFraction: 0.2 });
    expect(config.recipe).toMatchObject({
      epochs: 20,
      augment: false,
      nesterov: true,
      milestones: [0.25],
      schedule: "cosine",
    });
    expect([config.rewindEpoch, config.device]).toEqual([2, "cuda"]);
  });

  it("have the shards and slices of an ensemble", () => {
    expect(configOf("--shards", "3").sharding).toEqual({ shards: 3, slices: 4 });
    expect(configOf("--shards", "3", "--slices", "2").sharding).toEqual({ shards: 3, slices: 2 });
    const { code, message } = thrownBy(() => configOf("--slices", "2"));
    expect([code, message]).toEqual(["E_ARG", "--slices: expected --shards beside it, got none"]);
  });

  it("name an existing data set", () => {
    expect(thrownBy(() => configOf("--data", "fashon-mnist")).hint).toBe("did you mean fashion-mnist?");
  });

  it("have the data and the split of a poisoned data set, and no others", async () => {
    const folder = join(temporaryFolder(), "poison");
    mkdirSync(folder);
    const split = { mode: "standard" as const, validationFraction: 0.25, seed: 5 };
    const request = { attack: "badnets", options: {}, target: "0", ratio: 0.1, seed: 5, split };
    const data = { name: "embedded", numTrain: 60, numTest: 20, allowUnverified: false };
    await poisonStage({ data, request }, folder, { log: () => undefined, command: ["coppice"] });
    const config = configOf("--poison", folder);
    expect(config.data).toMatchObject({ name: "embedded", numTrain: 60, numTest: 20, poison: { attack: "badnets" } });
    expect(config.split).toEqual({ mode: "standard", validationFraction: 0.25 });
    const options = optionsFrom(trainCommand(), "--out", "x", "--poison", folder, "--num-train", "5");
    const { code, message } = thrownBy(() => trainConfig(options, ["data"]));
    expect([code, message]).toEqual(["E_ARG", expect.stringContaining("got --data, --num-train")]);
    writeFileSync(join(folder, "poison.json"), "{}");
    expect(thrownBy(() => configOf("--poison", folder)).message).toContain("poison.json");
  });
});
