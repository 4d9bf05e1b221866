import { afterAll, describe, expect, it } from "vitest";
import { forEachBatch } from "../../../../src/data/batches.ts";
import { freshModel } from "../../../../src/stages/model-file.ts";
import { FeatureSource } from "../../../../src/stages/transfer/feature-source.ts";
import { arange, Generator, liveTensors, noGrad, rand, scope, tensor } from "../../../../src/torch/index.ts";
import { relativeError } from "../../../support/compare.ts";
import { TensorSource } from "../../../support/tensor-source.ts";
import { thrownBy } from "../../../support/thrown-by.ts";
import "../../../support/one-thread.ts";

const count = 7;
const normalize = { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] };
const model = freshModel({ arch: "resnet20s", numClasses: 4, normalize }, 1, "cpu");
model.eval();
const images = rand([count, 3, 32, 32], { generator: Generator.seeded(1) });
const labels = tensor(BigInt64Array.from({ length: count }, (_, i) => BigInt(i % 4)));
const source = new TensorSource({ images, labels });
afterAll(() => model.dispose());

function gather(batchSize: number): FeatureSource {
  const gathered = FeatureSource.gather(model);
  forEachBatch(source, batchSize, gathered.visit);
  return gathered.finish();
}

describe("features of a frozen network", () => {
  it("give the network's logits when the head is put on them, image by image", () => {
    using features = gather(3);
    expect(features.count).toBe(count);
    noGrad(() =>
      scope(() => {
        const positions = tensor(BigInt64Array.of(6n, 2n));
        const { images: taken, labels: own } = features.take(positions, null);
        expect([taken.shape, own.toArray()]).toEqual([
          [2, 64],
          [2, 2],
        ]);
        const logits = model.call(images.indexSelect(0, positions)).toArray();
        expect(relativeError(model.head?.call(taken) ?? [], logits)).toBeLessThan(1e-5);
      }),
    );
  });

  it("do not depend on how many images are gathered at a time", () => {
    using all = gather(count);
    using few = gather(2);
    scope(() => {
      const positions = arange(0, count);
      const values = [all, few].map((features) => features.take(positions, null).images.toArray());
      expect(relativeError(values[1] ?? [], values[0] ?? [])).toBeLessThan(1e-5);
    });
  });

  it("are computed once, without gradients, and stay when the network is trained further", () => {
    using features = gather(3);
    const first = scope(() => features.take(arange(0, 1), null).images.toArray());
    const weight = model.parameters()[0];
    noGrad(() => weight?.mul_(2));
    scope(() => {
      const again = features.take(arange(0, 1), null).images;
      expect([again.toArray(), again.requiresGrad]).toEqual([first, false]);
    });
    noGrad(() => weight?.mul_(0.5));
  });

  it("are not augmented: they are of whole images", () => {
    using features = gather(3);
    const error = scope(() => thrownBy(() => features.take(arange(0, 1), Generator.seeded(1))));
    expect([error.code, error.message]).toEqual([
      "E_CONFIG",
      "features: expected no augmentation, got a generator for it",
    ]);
  });

  it("take the memory of two tensors, until they are freed", () => {
    const before = liveTensors();
    const features = gather(2);
    expect(liveTensors() - before).toBe(2);
    features.dispose();
    expect(liveTensors()).toBe(before);
  });
});
