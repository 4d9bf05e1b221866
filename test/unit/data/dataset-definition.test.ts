import { describe, expect, it } from "vitest";
import { datasetNamed, type DatasetDefinition, defineDataset, loadDataset } from "../../../src/data/index.ts";
import { checkLoadOptions } from "../../../src/data/dataset-definition.ts";
import { generateEmbedded } from "../../../src/data/embedded.ts";
import { thrownBy } from "../../support/thrown-by.ts";

const definition: DatasetDefinition = {
  name: "few-shapes",
  title: "Few shapes",
  description: "the embedded shapes, but few of them",
  takes: ["seed"],
  find: () => "drawn",
  load: (options) => generateEmbedded({ ...options, numTrain: 20, numTest: 10 }),
};

describe("an own data set", () => {
  it("is loaded by its definition, and by its name from then on", async () => {
    await expect(loadDataset("few-shapes")).rejects.toThrow("data set: expected one of cifar10,");
    const few = defineDataset(definition);
    const loaded = await loadDataset(few, { seed: 3 });
    expect([loaded.train.count, loaded.test.count, loaded.source]).toEqual([20, 10, "drawn from seed 3"]);
    expect(datasetNamed("few-shapes")).toBe(few);
    expect((await loadDataset("few-shapes", { seed: 3 })).digest).toBe(loaded.digest);
  });

  it.each([
    [{ load: undefined }, "data set few-shapes: expected the field load to be a function, got none"],
    [{ title: "" }, 'data set few-shapes: expected the field title to be a text, got ""'],
  ])("is refused with %o", (change, message) => {
    const error = thrownBy(() => defineDataset({ ...definition, ...change } as unknown as DatasetDefinition));
    expect(error).toMatchObject({ code: "E_ARG", message });
  });
});

describe("options of loading", () => {
  it("are refused where the data set does not have them", () => {
    expect(() => checkLoadOptions(definition, { seed: 1, numTrain: 5, classes: [0, 1] })).not.toThrow();
    expect(thrownBy(() => checkLoadOptions(definition, { resolution: 64 })).message).toBe(
      "few-shapes: expected no resolution, got 64",
    );
    expect(thrownBy(() => checkLoadOptions(definition, { applyOrientation: true })).message).toBe(
      "few-shapes: expected no applyOrientation, got true",
    );
    const { takes: _takes, ...without } = definition;
    expect(thrownBy(() => checkLoadOptions(without, { seed: 1 })).message).toBe("few-shapes: expected no seed, got 1");
  });
});
