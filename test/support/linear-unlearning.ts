/**
 * Unlearning of a linear classifier, where every gradient is a formula. No fixture is read, and what is expected is computed without
 * tensors:
 *
 *   z = W x + b,  p = softmax(z),   ∂/∂W mean CE = (1/N) Σ_n (p_n - q_n) x_nᵀ,   ∂/∂b = (1/N) Σ_n (p_n - q_n)
 *
 * Symbols    q_n target: the unit vector of the label, or another distribution · N images, F features, K classes
 */
import { expect } from "vitest";
import { Conv2d, Flatten, Linear, Normalize } from "../../src/nn/index.ts";
import { Model, type NetworkGraph } from "../../src/models/index.ts";
import { arange, Generator, rand, randint, scope, type Tensor } from "../../src/torch/index.ts";
import type { MethodContext } from "../../src/unlearn/index.ts";
import { contextFor, type ContextSetting } from "./method-context.ts";
import { TensorSource } from "./tensor-source.ts";
import "./one-thread.ts";

export const [numFeatures, numClasses] = [5, 3];
const side = 3;

const spec = (inChannels: number, imageSize: number): ConstructorParameters<typeof Model>[0] => ({
  arch: "linear",
  numClasses,
  inChannels,
  imageSize,
  stem: "cifar",
  members: 1,
  normalize: { mean: Array<number>(inChannels).fill(0), std: Array<number>(inChannels).fill(1) },
});

/** Images of one pixel, a channel a feature: W x + b. */
class LinearNet extends Model {
  readonly #normalize = this.registerModule("normalize", new Normalize(this.spec.normalize));
  readonly #flatten = new Flatten();
  readonly #fc: Linear;

  constructor(generator: Generator) {
    super(spec(numFeatures, 1));
    const [inFeatures, outFeatures] = [numFeatures, numClasses];
    this.#fc = this.registerModule("fc", new Linear({ inFeatures, outFeatures }, generator));
  }

  override forward(images: Tensor): Tensor {
    return this.#fc.call(this.#flatten.call(this.#normalize.call(images)));
  }

  override graph(): NetworkGraph {
    return { normalize: this.#normalize, steps: [], fc: this.#fc };
  }
}

/** Grey images of 3 x 3 pixels, one convolution over each, and a linear layer. */
class ConvolutionNet extends Model {
  readonly #conv: Conv2d;
  readonly #flatten = new Flatten();
  readonly #fc: Linear;

  constructor(generator: Generator) {
    super(spec(1, side));
    const conv = { inChannels: 1, outChannels: numFeatures, kernelSize: side, bias: false };
    this.#conv = this.registerModule("conv", new Conv2d(conv, generator));
    const [inFeatures, outFeatures] = [numFeatures, numClasses];
    this.#fc = this.registerModule("fc", new Linear({ inFeatures, outFeatures }, generator));
  }

  override forward(images: Tensor): Tensor {
    return this.#fc.call(this.#flatten.call(this.#conv.call(images)));
  }
}

const kinds = { linear: LinearNet, convolution: ConvolutionNet };

/** In float64, by the seed. */
export function linearNet(kind: keyof typeof kinds = "linear", seed = 1): Model {
  using generator = Generator.seeded(seed);
  return new kinds[kind](generator).to("float64") as Model;
}

export interface LinearSetting extends Partial<Pick<ContextSetting, "batchSize" | "forgetClasses" | "mask">> {
  readonly kind?: keyof typeof kinds;
}

/** Seeds of the original and of a new network. */
export const [originalSeed, freshSeed] = [1, 2];

/** 8 images to retain and 4 to forget, all of a kind in one batch unless said otherwise; `recipe` and its rate as in `contextFor`. */
export function linearContext({ kind = "linear", batchSize = 16, ...rest }: LinearSetting = {}): MethodContext {
  const source = (count: number, seed: number): TensorSource => new TensorSource(samples(kind, count, seed));
  return contextFor({
    model: linearNet(kind, originalSeed),
    another: () => linearNet(kind, 3),
    fresh: () => linearNet(kind, freshSeed),
    retain: source(8, 1),
    forget: source(4, 2),
    validation: source(4, 3),
    batchSize,
    epochs: 1,
    lr: 0.1,
    ...rest,
  });
}

function samples(kind: keyof typeof kinds, count: number, seed: number): { images: Tensor; labels: Tensor } {
  const generator = Generator.seeded(seed);
  const shape = kind === "linear" ? [count, numFeatures, 1, 1] : [count, 1, side, side];
  const images = rand(shape, { generator, dtype: "float64" });
  return { images, labels: randint(0, numClasses, [count], { generator, dtype: "int64" }) };
}

/** Numbers by row. */
export type Matrix = readonly (readonly number[])[];

/** What the classifier sees of each image of a source, with a 1 for the bias after it, and the labels as unit vectors. */
export function rowsOf(model: Model, source: MethodContext["retain"]): { x: Matrix; q: Matrix } {
  return scope(() => {
    const { images, labels } = source.take(arange(0, source.count, 1, { dtype: "int64" }), null);
    const pixels = rows(images.toArray(), source.count);
    const kernels = model.namedParameters().get("conv.weight");
    const features = kernels === undefined ? pixels : times(pixels, rows(kernels.toArray(), numFeatures));
    return { x: features.map((row) => [...row, 1]), q: oneHot(labels.toArray().map(Number)) };
  });
}

/** A unit vector for each label. */
export function oneHot(labels: readonly number[], count = numClasses): Matrix {
  return labels.map((label) => Array.from({ length: count }, (_, k) => (k === label ? 1 : 0)));
}

/** The classifier: a row for each class, its weights and then its bias. */
export function headOf(model: Model): Matrix {
  const parameters = model.namedParameters();
  const bias = parameters.get("fc.bias")?.toArray() ?? [];
  return rows(parameters.get("fc.weight")?.toArray() ?? [], bias.length).map((row, k) => [...row, bias[k] ?? NaN]);
}

/** softmax(z / T) of each row of `x`. */
export function probabilities(head: Matrix, x: Matrix, temperature = 1): Matrix {
  return times(x, head).map((logits) => {
    const powers = logits.map((logit) => Math.exp(logit / temperature));
    const sum = powers.reduce((a, b) => a + b, 0);
    return powers.map((power) => power / sum);
  });
}

/** (1/N) Σ (p_n - q_n) x_nᵀ. */
export function gradientOf(head: Matrix, { x, q }: { x: Matrix; q: Matrix }): Matrix {
  const errors = combined([1, probabilities(head, x)], [-1, q]);
  return outer(errors, x).map((row) => row.map((value) => value / x.length));
}

/** Σ factor · matrix. */
export function combined(...terms: readonly (readonly [number, Matrix])[]): Matrix {
  const [[, first] = [0, []]] = terms;
  return first.map((row, i) =>
    row.map((_, j) => terms.reduce((sum, [factor, matrix]) => sum + factor * (matrix[i]?.[j] ?? NaN), 0)),
  );
}

/** The model's classifier is `expected`, but for rounding. */
export function expectHead(model: Model, expected: Matrix, tolerance = 1e-12): void {
  expectMatrix(headOf(model), expected, tolerance);
}

export function expectMatrix(found: Matrix, expected: Matrix, tolerance = 1e-12): void {
  expect(found.map((row) => row.length)).toEqual(expected.map((row) => row.length));
  const differences = combined([1, found], [-1, expected]).flat().map(Math.abs);
  expect(Math.max(...differences)).toBeLessThanOrEqual(tolerance);
}

/** a bᵀ of rows: [i][j] is row i of `a` times row j of `b`. */
function times(a: Matrix, b: Matrix): Matrix {
  return a.map((left) => b.map((right) => left.reduce((sum, value, i) => sum + value * (right[i] ?? NaN), 0)));
}

/** Σ_n a_n b_nᵀ. */
function outer(a: Matrix, b: Matrix): Matrix {
  const transposed = (matrix: Matrix): Matrix => (matrix[0] ?? []).map((_, j) => matrix.map((row) => row[j] ?? NaN));
  return times(transposed(a), transposed(b));
}

function rows(values: readonly number[], count: number): Matrix {
  const length = values.length / count;
  return Array.from({ length: count }, (_, i) => values.slice(i * length, (i + 1) * length));
}
