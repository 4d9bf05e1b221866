import { describe, expect, it } from "vitest";
import { createModel, type Model } from "../../../src/models/index.ts";
import { crossEntropy } from "../../../src/nn/index.ts";
import { sgd } from "../../../src/optim/index.ts";
import { Mask, prunableWeights } from "../../../src/prune/index.ts";
import { SparseModel, sparseObstacle } from "../../../src/sparse/index.ts";
import { Generator, noGrad, rand, randint, scope, type Tensor } from "../../../src/torch/index.ts";
import { thrownBy } from "../../support/thrown-by.ts";
import "../../support/one-thread.ts";

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

/** Steps of SGD with momentum and weight decay, the masked model on the dense path. */
function trainDense(model: Model, mask: Mask, images: Tensor, labels: Tensor, steps: number): void {
  const optimizer = sgd(model.namedParameters(), { lr: 0.05, momentum: 0.9, weightDecay: 5e-4 });
  for (let step = 0; step < steps; step++) {
    scope(() => {
      optimizer.zeroGrad();
      crossEntropy(model.call(images), labels).backward();
      mask.applyToGradients(model);
      optimizer.step();
    });
  }
}

describe("a sparse model", () => {
  it("follows the dense masked model's training, momentum and weight decay included", () => {
    scope(() => {
      const [dense, other] = [build("resnet20s"), build("resnet20s")];
      const mask = maskOf(dense);
      mask.apply(dense);
      const sparse = new SparseModel(other, mask);
      const [images, labels] = [imagesOf(8, 16), labelsOf(8)];
      trainDense(dense, mask, images, labels, 4);
      const optimizer = sgd(sparse.namedParameters(), { lr: 0.05, momentum: 0.9, weightDecay: 5e-4 });
      for (let step = 0; step < 4; step++) {
        scope(() => {
          optimizer.zeroGrad();
          crossEntropy(sparse.call(images), labels).backward();
          optimizer.step();
        });
      }
      const state = sparse.stateDict();
      for (const [name, value] of dense.stateDict())
        expect(distance(state.get(name) as Tensor, value), name).toBeLessThan(1e-7);
    });
  });

  it("holds the live weights only, in parameters and in the optimiser", () => {
    scope(() => {
      const model = build("resnet20s");
      const mask = maskOf(model);
      const sparse = new SparseModel(model, mask);
      const sizes = new Map(mask.layers.map(({ name, nonzero }) => [name, nonzero]));
      for (const [name, weight] of prunableWeights(sparse)) {
        if (sizes.has(name)) expect(weight.numel, name).toBe(sizes.get(name));
      }
      const optimizer = sgd(sparse.namedParameters(), { lr: 0.1, momentum: 0.9 });
      crossEntropy(sparse.call(imagesOf(4, 8)), labelsOf(4)).backward();
      optimizer.step();
      for (const [name, value] of optimizer.stateTensors()) {
        const size = sizes.get(name.replace(/\.momentum_buffer$/, ""));
        if (size !== undefined) expect(value.numel, name).toBe(size);
      }
    });
  });

  it("reads and writes dense states, and leaves out what is masked", () => {
    scope(() => {
      const source = build("resnet20s");
      const mask = maskOf(source);
      const sparse = new SparseModel(build("resnet20s"), mask);
      sparse.loadStateDict(source.stateDict());
      mask.apply(source);
      const state = sparse.stateDict();
      for (const [name, value] of source.stateDict()) expect(distance(state.get(name) as Tensor, value), name).toBe(0);
    });
  });

  it("changes its precision with its values", () => {
    scope(() => {
      const model = build("resnet20s");
      const sparse = new SparseModel(model, maskOf(model)).eval();
      const images = imagesOf(4, 8);
      const exact = noGrad(() => sparse.call(images));
      const single = noGrad(() => sparse.to("float32").call(images.to("float32")));
      expect(distance(single.to("float64"), exact)).toBeLessThan(1e-5);
      expect(thrownBy(() => sparse.to("cuda")).message).toMatch(/expected float32, float64 or cpu, got cuda/);
    });
  });

  it("refuses a mask of another model, and says what stands in the way", () => {
    const model = build("resnet20s");
    const mask = maskOf(build("resnet18"));
    expect(thrownBy(() => new SparseModel(model, mask)).code).toBe("E_CHECKPOINT");
    expect(sparseObstacle(model)).toBeNull();
    expect(sparseObstacle(build("resnet20s").to("float16"))).toMatch(/not in float16/);
  });
});
