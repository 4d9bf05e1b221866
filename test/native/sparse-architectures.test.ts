/** Every architecture with live weights only, in float64, against the dense masked network. */
import { describe, expect, it } from "vitest";
import { crossEntropy } from "../../src/nn/index.ts";
import { SparseModel } from "../../src/sparse/index.ts";
import { gather } from "../../src/sparse/live-weights.ts";
import { noGrad, scope, type Tensor } from "../../src/torch/index.ts";
import { invariant } from "../../src/util/errors.ts";
import "../support/one-thread.ts";
import { build, distance, imagesOf, labelsOf, liveIndicesOf, maskOf } from "../support/sparse-samples.ts";

const cases: readonly (readonly [arch: string, stem: "cifar" | "imagenet", size: number])[] = [
  ["resnet18", "cifar", 8],
  ["resnet18", "imagenet", 33],
  ["resnet50", "cifar", 8],
  ["resnet20s", "cifar", 16],
  ["resnet32s", "cifar", 8],
  ["resnet44s", "cifar", 8],
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
        const positions = liveIndicesOf(dense, mask);
        const sparse = new SparseModel(other, mask);
        const [images, labels] = [imagesOf(3, size), labelsOf(3)];
        const logits = dense.call(images);
        const found = sparse.call(images);
        expect(distance(found, logits)).toBeLessThan(1e-9);
        crossEntropy(logits, labels).backward();
        crossEntropy(found, labels).backward();
        mask.applyToGradients(dense);
        const live = sparse.namedParameters();
        for (const [name, { grad }] of dense.namedParameters()) {
          const ours = live.get(name)?.grad;
          invariant(ours && grad, `gradients of ${name}`);
          const alive = positions.get(name);
          const theirs = alive === undefined ? grad : gather(grad, alive);
          expect(ours.sub(theirs).norm().item(), name).toBeLessThan(1e-6 * theirs.norm().item() + 1e-9);
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
