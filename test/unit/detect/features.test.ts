import { expect, it } from "vitest";
import { featuresOf, positionsByClass } from "../../../src/detect/features.ts";
import { Generator, scope } from "../../../src/torch/index.ts";
import { createModel, Ensemble } from "../../../src/models/index.ts";
import { flatNet, imagesAround, width } from "../../support/flat-net.ts";

it("are what the last linear layer is shown, in order, with the labels", async () => {
  const rows = Array.from({ length: 300 }, (_, i) => [i, 2, 3, 4]);
  const labels = rows.map((_, i) => i % 2);
  const model = flatNet([1, 0, 0, 0]);
  const features = await featuresOf(model, imagesAround(rows, 0, labels));
  expect(features.features_MD.shape).toEqual([300, width]);
  expect(scope(() => features.features_MD.select(1, 0).toArray())).toEqual(rows.map(([first]) => first));
  expect(features.labels).toEqual(labels);
});

it("are refused of several networks", async () => {
  const normalize = { mean: [0], std: [1] };
  const spec = { arch: "resnet20s", numClasses: 2, inChannels: 1, members: 2, normalize };
  const model = createModel(spec, Generator.seeded(1));
  expect(model).toBeInstanceOf(Ensemble);
  await expect(featuresOf(model, imagesAround([[1, 2, 3, 4]], 0, [0]))).rejects.toThrow(
    "expected one network that ends in a linear layer, got an ensemble of 2",
  );
});

it("positions go by class, ascending", () => {
  expect([...positionsByClass([1, 0, 1, 2])]).toEqual([
    [0, [1]],
    [1, [0, 2]],
    [2, [3]],
  ]);
});
