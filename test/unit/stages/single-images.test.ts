import { describe, expect, it } from "vitest";
import type { ModelSpec } from "../../../src/models/index.ts";
import { checkSingleImages } from "../../../src/stages/single-images.ts";
import { liveTensors } from "../../../src/torch/index.ts";
import { thrownBy } from "../../support/thrown-by.ts";

const spec = { numClasses: 4, imageSize: 32, normalize: { mean: [0, 0, 0], std: [1, 1, 1] } };
/** Its last maps have one pixel. */
const narrow: ModelSpec = { ...spec, arch: "resnet18", stem: "imagenet" };
const wide: ModelSpec = { ...spec, arch: "resnet20s", stem: "cifar" };

describe("training on a single image", () => {
  it.each([
    ["a set of one", { images: 1, batchSize: 64 }, /not train on that set by itself/],
    ["batches of one", { images: 50, batchSize: 1 }, /^raise --batch-size above 1$/],
  ])("is refused where normalised maps have one pixel: %s", (got, set, hint) => {
    const live = liveTensors();
    const error = thrownBy(() => checkSingleImages("gradient-ascent", narrow, set));
    expect([error.code, error.message]).toEqual([
      "E_CONFIG",
      `gradient-ascent: expected at least two images at once, as batch normalisation in resnet18 with the imagenet stem needs for images of this size, got ${got}`,
    ]);
    expect(error.hint).toMatch(hint);
    expect(liveTensors()).toBe(live);
    expect(() => checkSingleImages("train", wide, set)).not.toThrow();
  });

  it("is no question of what is not trained on, or of more images", () => {
    for (const set of [
      { images: Infinity, batchSize: 1 },
      { images: 2, batchSize: 2 },
      { images: 65, batchSize: 64 },
    ])
      expect(() => checkSingleImages("train", narrow, set)).not.toThrow();
  });

  it("is no question for larger images", () => {
    expect(() => checkSingleImages("train", { ...narrow, imageSize: 64 }, { images: 1, batchSize: 1 })).not.toThrow();
  });
});
