import { existsSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { describe, expect, it } from "vitest";
import { inMemoryDataset } from "../../../src/data/index.ts";
import { train, trainConfig } from "../../../src/library/index.ts";
import { architectures, defineArchitecture } from "../../../src/models/index.ts";
import { trainDefaults } from "../../../src/record/index.ts";
import { folderOfRuns } from "../../support/tiny-runs.ts";
import { thrownBy } from "../../support/thrown-by.ts";

const folder = folderOfRuns();

describe("the settings of a training", () => {
  it("are those of the table where nothing is given", () => {
    expect(trainConfig({})).toEqual({ ...trainDefaults, rewindEpoch: 8 });
  });

  it("are what is given, also where that is zero or false", () => {
    const config = trainConfig({ epochs: 20, momentum: 0, augment: false, validation: 0, seed: 0, rewindEpoch: 0 });
    expect(config.recipe).toMatchObject({ epochs: 20, momentum: 0, augment: false, lr: 0.1 });
    expect([config.split.validationFraction, config.seed, config.rewindEpoch]).toEqual([0, 0, 0]);
    const images = { data: "folder", dataFolder: "pets", resolution: 64, applyOrientation: true };
    expect(trainConfig(images).data).toMatchObject({ folder: "pets", resolution: 64, applyOrientation: true });
  });

  it("take definitions of one's choice wherever a name may stand", () => {
    const [first] = architectures;
    const arch = defineArchitecture({ name: "mine", description: "m", build: first?.build as never });
    const pixel = new Uint8Array(1);
    const data = inMemoryDataset({
      name: "pixels",
      description: "d",
      channels: 1,
      height: 1,
      width: 1,
      classNames: ["a", "b"],
      train: [{ id: "x", image: pixel, label: 0 }],
      test: [{ id: "y", image: pixel, label: 1 }],
    });
    const config = trainConfig({ arch, data });
    expect([config.arch, config.data.name]).toEqual(["mine", "pixels"]);
  });

  it("name an unknown architecture's nearest", () => {
    expect(thrownBy(() => trainConfig({ arch: "resnet19" })).hint).toMatch(/did you mean resnet/);
  });
});

it("trains into the folder, and gives run and path; a stopped one can be resumed", async () => {
  const options = { data: "embedded", numTrain: 40, numTest: 20, arch: "resnet20s", epochs: 1, batchSize: 16 };
  const out = join(folder, "trained");
  const steps: number[] = [];
  const { path, record } = await train(options, out, { onProgress: ({ step }) => steps.push(step) });
  expect([isAbsolute(path), record.status, existsSync(join(path, "model.safetensors"))]).toEqual([
    true,
    "finished",
    true,
  ]);
  expect(steps.length).toBeGreaterThan(0);
  await expect(train(options, out)).rejects.toThrow(/expected a folder that is new or empty/);
  expect((await train(options, out, { force: true })).record.result?.modelSha256).toBe(record.result?.modelSha256);
});

it("needs to be told which data", async () => {
  const out = join(folder, "without-data");
  await expect(train({}, out)).rejects.toMatchObject({
    code: "E_ARG",
    message: "train: expected the option `data`, or `poison`, got neither",
  });
  expect(existsSync(out)).toBe(false);
});

it("speaks of options, not of flags", async () => {
  const out = join(folder, "trained");
  await expect(train({ data: "embedded", numTrain: 40, numTest: 20, epochs: 1 }, out)).rejects.toMatchObject({
    hint: "choose another folder with `out`, or replace the run in it with `force`",
  });
});
