import { describe, expect, it } from "vitest";
import type { Model } from "../../../src/models/index.ts";
import { crossEntropy } from "../../../src/nn/index.ts";
import { sgd } from "../../../src/optim/index.ts";
import { type Mask, prunableWeights } from "../../../src/prune/index.ts";
import { SparseModel, sparseObstacle } from "../../../src/sparse/index.ts";
import { noGrad, scope, sparseHasKernels, type Tensor } from "../../../src/torch/index.ts";
import { build, distance, imagesOf, labelsOf, maskOf } from "../../support/sparse-samples.ts";
import { thrownBy } from "../../support/thrown-by.ts";
import "../../support/one-thread.ts";

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

  it.skipIf(!sparseHasKernels("bfloat16"))(
    "trains in bf16 as in float32, up to its rounding, and keeps float32 weights",
    () => {
      scope(() => {
        const [images, labels] = [imagesOf(37, 16).to("float32"), labelsOf(37)];
        const [single, bf16] = (["float32", "bf16"] as const).map((precision) => {
          const model = build("resnet20s").to("float32") as Model;
          const sparse = new SparseModel(model, maskOf(model), precision);
          const optimizer = sgd(sparse.namedParameters(), { lr: 0.05, momentum: 0.9, weightDecay: 5e-4 });
          const losses = Array.from({ length: 12 }, () =>
            scope(() => {
              optimizer.zeroGrad();
              const loss = crossEntropy(sparse.call(images), labels);
              loss.backward();
              optimizer.step();
              return loss.item();
            }),
          );
          for (const { dtype } of sparse.parameters()) expect(dtype).toBe("float32");
          return losses;
        }) as [number[], number[]];
        expect(Math.abs((bf16[0] ?? NaN) / (single[0] ?? NaN) - 1)).toBeLessThan(0.01);
        expect(Math.abs((bf16[11] ?? NaN) - (single[11] ?? NaN))).toBeLessThan(0.1 * (single[0] ?? NaN));
        expect(bf16[11]).not.toBe(single[11]);
        expect(bf16[11]).toBeLessThan(0.8 * (bf16[0] ?? NaN));
      });
    },
  );

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
