/** Every architecture with live weights only, in float64, against the dense masked network. */
import { describe, expect, it } from "vitest";
import { createModel, type Model } from "../../src/models/index.ts";
import { crossEntropy } from "../../src/nn/index.ts";
import { Mask, prunableWeights } from "../../src/prune/index.ts";
import { SparseModel } from "../../src/sparse/index.ts";
import { Generator, noGrad, rand, randint, scope, type Tensor } from "../../src/torch/index.ts";
import "../support/one-thread.ts";

const normalize = { mean: [0.49, 0.48, 0.45], std: [0.25, 0.24, 0.26] };
const build = (arch: string, stem: "cifar" | "imagenet" = "cifar"): Model =>
  createModel({ arch, numClasses: 5, stem, normalize }, Generator.seeded(1)).to("float64");

/** Half of the layers at 5 %, the others at 60 %, one layer not pruned at all. */
function maskOf(model: Model): Mask {
  const generator = Generator.seeded(2);
  const weights = [...prunableWeights(model)].slice(1);
  return Mask.of(
    new Map(weights.map(([name, w], i) => [name, rand(w.shape, { generator }).lt(i % 2 === 0 ? 0.05 : 0.6)])),
  );
}

const imagesOf = (count: number, size: number): Tensor =>
  rand([count, 3, size, size], { generator: Generator.seeded(3), dtype: "float64" });
const labelsOf = (count: number): Tensor => randint(0, 5, [count], { generator: Generator.seeded(4), dtype: "int64" });

/** ‖a - b‖ / ‖b‖ */
const distance = (a: Tensor, b: Tensor): number =>
  scope(() => {
    const [x, y] = [a, b].map((t) => t.detach().to("float64")) as [Tensor, Tensor];
    return x.sub(y).norm().item() / Math.max(y.norm().item(), 1e-12);
  });

const cases: readonly (readonly [arch: string, stem: "cifar" | "imagenet", size: number])[] = [
  ["resnet18", "cifar", 8],
  ["resnet18", "imagenet", 33],
  ["resnet50", "cifar", 8],
  ["resnet20s", "cifar", 16],
  ["resnet56s", "cifar", 9],
];

describe("a sparse model", () => {
  it.each(cases)(
    "%s with the %s stem on %i pixels computes and learns what the dense masked one does",
    (arch, stem, size) => {
      scope(() => {
        const [dense, other] = [build(arch, stem), build(arch, stem)];
        const mask = maskOf(dense);
        mask.apply(dense);
        const sparse = new SparseModel(other, mask);
        const [images, labels] = [imagesOf(3, size), labelsOf(3)];
        const logits = dense.call(images);
        const found = sparse.call(images);
        expect(distance(found, logits)).toBeLessThan(1e-9);
        crossEntropy(logits, labels).backward();
        crossEntropy(found, labels).backward();
        mask.applyToGradients(dense);
        const live = sparse.namedParameters();
        for (const [name, parameter] of dense.namedParameters()) {
          const [ours, theirs] = [live.get(name)?.grad, parameter.grad];
          const [a, b] = [ours?.norm().item() ?? NaN, theirs?.norm().item() ?? NaN];
          expect(Math.abs(a - b), name).toBeLessThan(1e-6 * b + 1e-9);
        }
        const states = [dense.stateDict(), sparse.stateDict()] as const;
        expect([...states[1].keys()]).toEqual([...states[0].keys()]);
        for (const [name, value] of states[0])
          expect(distance(states[1].get(name) as Tensor, value), name).toBeLessThan(1e-9);
        dense.eval();
        sparse.eval();
        noGrad(() => expect(distance(sparse.call(images), dense.call(images))).toBeLessThan(1e-9));
      });
    },
  );
});
