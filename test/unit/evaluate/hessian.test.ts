/** The largest eigenvalue against an explicit matrix, and that of a network's Hessian against one made of differences of gradients. */
import { describe, expect, it } from "vitest";
import { hessianNorm, hessianProduct, largestEigenvalue } from "../../../src/evaluate/hessian.ts";
import { Model } from "../../../src/models/index.ts";
import { AdaptiveAvgPool2d, BatchNorm2d, Conv2d, crossEntropy, Flatten, Linear } from "../../../src/nn/index.ts";
import { Mask } from "../../../src/prune/index.ts";
import {
  cat,
  Generator,
  grad,
  linalgEigvalsh,
  noGrad,
  rand,
  randn,
  scope,
  stack,
  type Tensor,
  tensor,
  zeros,
} from "../../../src/torch/index.ts";
import { relativeError } from "../../support/compare.ts";
import { TensorSource } from "../../support/tensor-source.ts";
import "../../support/one-thread.ts";

/** Small enough that every entry of its Hessian can be computed. */
class SmallNet extends Model {
  readonly #conv: Conv2d;
  readonly #bn = this.registerModule("bn", new BatchNorm2d(4));
  readonly #pool = new AdaptiveAvgPool2d(1);
  readonly #flatten = new Flatten();
  readonly #fc: Linear;

  constructor(generator: Generator) {
    const normalize = { mean: [0, 0], std: [1, 1] };
    super({ arch: "small", numClasses: 3, inChannels: 2, imageSize: 5, stem: "cifar", members: 1, normalize });
    const options = { inChannels: 2, outChannels: 4, kernelSize: 3, padding: 1, bias: false };
    this.#conv = this.registerModule("conv", new Conv2d(options, generator));
    this.#fc = this.registerModule("fc", new Linear({ inFeatures: 4, outFeatures: 3 }, generator));
  }

  override forward(images: Tensor): Tensor {
    const hidden = this.#bn.call(this.#conv.call(images));
    // A smooth activation: a ReLU's kinks have no second derivative.
    return this.#fc.call(this.#flatten.call(this.#pool.call(hidden.mul(hidden.sigmoid()))));
  }
}

const model = new SmallNet(Generator.seeded(1)).to("float64") as Model;
const generator = Generator.seeded(2);
const images = randn([7, 2, 5, 5], { generator, dtype: "float64" });
const labels = tensor([0, 1, 2, 0, 1, 2, 0], { dtype: "int64" });
const source = new TensorSource({ images, labels });
const mask = Mask.of(new Map([["conv.weight", rand([4, 2, 3, 3], { generator }).lt(0.4)]]));

const flat = (tensors: readonly Tensor[]): Tensor => cat(tensors.map((part) => part.flatten()));

/** By central differences of the gradient, entry by entry. */
function explicitHessian(): Tensor {
  const parameters = model.parameters();
  const gradient = (): Tensor => flat(grad([crossEntropy(model.eval().call(images), labels)], parameters));
  const h = 1e-5;
  const rows: Tensor[] = [];
  for (const parameter of parameters) {
    const entries = noGrad(() => parameter.detach().view([-1]));
    for (let i = 0; i < parameter.numel; i++) {
      const move = (by: number): void => void noGrad(() => entries.select(0, i).add_(by));
      move(h);
      const up = gradient();
      move(-2 * h);
      const down = gradient();
      move(h);
      rows.push(up.sub(down).div(2 * h));
    }
  }
  return stack(rows);
}

/** 1 for what lives, over all parameters. */
function kept(): Tensor {
  const all = new Map(
    [...model.namedParameters()].map(([name, { shape }]) => [name, zeros(shape, { dtype: "float64" }).add(1)]),
  );
  mask.applyTo(all);
  return flat([...all.values()]);
}

describe("the largest eigenvalue", () => {
  it("is that of the matrix, whatever its sign", () => {
    scope(() => {
      const a = randn([30, 30], { generator: Generator.seeded(3), dtype: "float64" });
      const symmetric = a.add(a.t()).sub(zeros([30, 30], { dtype: "float64" }));
      for (const shift of [-30, 0, 30]) {
        const shifted = symmetric.add(tensor(Float64Array.from({ length: 30 }, () => shift)).diag());
        const values = linalgEigvalsh(shifted).toArray();
        const expected = Math.abs(values[0] ?? 0) > (values.at(-1) ?? 0) ? values[0] : values.at(-1);
        const start = randn([30], { generator: Generator.seeded(4), dtype: "float64" });
        const options = { iterations: 30, tolerance: 1e-12 };
        expect(largestEigenvalue((v) => shifted.mv(v), start, options).value).toBeCloseTo(expected ?? NaN, 8);
      }
    });
  });

  it("says when it has not converged, and stops where there is nothing more to find", () => {
    scope(() => {
      const diagonal = tensor(Float64Array.from({ length: 50 }, (_, i) => 1 + i / 49)).diag();
      const start = zeros([50], { dtype: "float64" }).add(1);
      const few = largestEigenvalue((v) => diagonal.mv(v), start, { iterations: 2, tolerance: 1e-12 });
      expect(few).toMatchObject({ converged: false, iterations: 2 });
      const identity = largestEigenvalue((v) => v.mul(3), start);
      expect(identity).toMatchObject({ converged: true, iterations: 1 });
      expect(identity.value).toBeCloseTo(3, 12);
    });
  });
});

describe("the Hessian of a network", () => {
  const hessian = explicitHessian();

  it("times a vector is the explicit one's", () => {
    scope(() => {
      const [size = 0] = hessian.shape;
      const vector = randn([size], { generator: Generator.seeded(5), dtype: "float64" });
      for (const batchSize of [7, 3]) {
        const found = hessianProduct(model.eval() as Model, source, vector, { mask: null, batchSize });
        expect(relativeError(found, hessian.mv(vector))).toBeLessThan(1e-7);
      }
    });
  });

  it.each([
    ["all weights", null],
    ["living weights alone", mask],
  ])("has the largest singular value of the explicit one: %s", (_name, held) => {
    scope(() => {
      const among = held === null ? hessian : hessian.mul(kept().unsqueeze(0)).mul(kept().unsqueeze(1));
      const expected = Math.max(...linalgEigvalsh(among.add(among.t()).div(2)).toArray().map(Math.abs));
      const options = { mask: held, generator: Generator.seeded(6), iterations: 60, tolerance: 1e-10 };
      const found = hessianNorm(model.train() as Model, source, options);
      expect(found.value).toBeCloseTo(expected, 6);
      expect(found.converged).toBe(true);
      expect(model.training).toBe(true);
    });
  });

  it("is smaller among fewer weights", () => {
    const of = (held: Mask | null): number =>
      hessianNorm(model, source, { mask: held, generator: Generator.seeded(7), tolerance: 1e-10 }).value;
    expect(of(mask)).toBeLessThan(of(null));
  });
});
