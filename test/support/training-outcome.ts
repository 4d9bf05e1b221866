/**
 * What a pruned network computes and learns in a few steps, by kind of quantity, so that two ways to compute it can be compared.
 *
 * Whether a gradient passes a ReLU is decided by a sign, and where rounding turns one, gradients jump by a thousandth: that is no error of
 * either side. So the networks here keep seven of eight channels clear of zero, and their residual branches add little, as trained ones do.
 */
import { createModel, type Model, type Stem } from "../../src/models/index.ts";
import { crossEntropy } from "../../src/nn/index.ts";
import { type Optimizer, sgd } from "../../src/optim/index.ts";
import { SparseModel } from "../../src/sparse/index.ts";
import { gather } from "../../src/sparse/live-weights.ts";
import { convolutionsOf } from "../../src/sparse/program.ts";
import { Generator, noGrad, rand, scope, type Tensor } from "../../src/torch/index.ts";
import { invariant } from "../../src/util/errors.ts";
import { imagesOf, labelsOf, liveIndicesOf, maskOf, normalize } from "./sparse-samples.ts";

/** Kinds of quantities, each with its tensors by name, in float64. */
export type Outcome = Map<string, Map<string, Tensor>>;

export interface Training {
  readonly arch: string;
  readonly stem: Stem;
  readonly batch: number;
  /** Height and width of the images. */
  readonly size: number;
  readonly steps: number;
  /** Of the images. */
  readonly seed?: number;
}

export interface Computation {
  readonly dtype: "float32" | "float64";
  /** Whether by the sparse engine, or densely under the mask. */
  readonly sparse: boolean;
  /** Done to the network before, default nothing. */
  readonly change?: (model: Model) => void;
}

/** Steps of SGD with momentum and weight decay, then an evaluation. Every computation starts from the same values, exact in float32. */
export function outcomeOf({ arch, stem, batch, size, steps, seed }: Training, computation: Computation): Outcome {
  const { dtype, sparse, change = () => undefined } = computation;
  return scope(() => {
    const dense = networkOf(arch, stem).to(dtype);
    const mask = maskOf(dense, 0.2);
    const positions = liveIndicesOf(dense, mask);
    mask.apply(dense);
    change(dense);
    const model = sparse ? new SparseModel(dense, mask) : dense;
    const optimizer = sgd(model.namedParameters(), { lr: 0.001, momentum: 0.9, weightDecay: 5e-4 });
    const notes = new Notes(model, sparse ? new Map() : positions, new Set(positions.keys()));
    const [images, labels] = [imagesOf(batch, size, seed).to("float32").to(dtype), labelsOf(batch)];
    for (let step = 0; step < steps; step++) {
      optimizer.zeroGrad();
      const logits = model.call(images);
      const loss = crossEntropy(logits, labels);
      loss.backward();
      if (!sparse) mask.applyToGradients(model);
      notes.take("outputs", `logits of step ${step}`, logits);
      notes.take("outputs", `loss of step ${step}`, loss);
      if (step === 0) notes.takeStep();
      optimizer.step();
    }
    notes.takeState(optimizer);
    model.eval();
    noGrad(() => notes.take("outputs", "logits in evaluation", model.call(images)));
    mask.dispose();
    model.dispose();
    return notes.outcome;
  });
}

function networkOf(arch: string, stem: Stem): Model {
  const generator = Generator.seeded(1);
  const model = createModel({ arch, numClasses: 5, stem, normalize }, generator);
  const graph = model.graph();
  invariant(graph, "a graph");
  noGrad(() => {
    for (const { norm, shortcut, projection } of convolutionsOf(graph)) {
      const spread = rand(norm.weight.shape, { generator }).mul(0.4).add(0.8);
      const open = rand(norm.weight.shape, { generator }).lt(projection === true ? 1 : 7 / 8);
      norm.weight.copy_(spread.mul(shortcut === undefined ? 0.6 : 0.15));
      norm.bias.copy_(shortcut === undefined ? open.to("float32").mul(2) : spread.mul(0.5));
    }
  });
  return model;
}

class Notes {
  readonly outcome: Outcome = new Map();
  readonly #model: Model;
  readonly #positions: ReadonlyMap<string, Tensor>;
  readonly #convolutions: ReadonlySet<string>;

  /** @param positions of the live weights where `model` is dense */
  constructor(model: Model, positions: ReadonlyMap<string, Tensor>, convolutions: ReadonlySet<string>) {
    this.#model = model;
    this.#positions = positions;
    this.#convolutions = convolutions;
  }

  take(kind: string, name: string, value: Tensor): void {
    const positions = this.#positions.get(name);
    const part = positions === undefined ? value : gather(value, positions);
    const values = this.outcome.get(kind) ?? new Map<string, Tensor>();
    this.outcome.set(kind, values.set(name, part.detach().to("float64").clone()));
  }

  /** Gradients and running statistics. */
  takeStep(): void {
    for (const [name, { grad }] of this.#model.namedParameters()) {
      invariant(grad, `a gradient of ${name}`);
      this.take(`gradients of ${this.#sort(name)}`, name, grad);
    }
    this.#takeStatistics("one step");
  }

  /** Parameters, what the optimiser has gathered, and running statistics. */
  takeState(optimizer: Optimizer): void {
    const state = optimizer.stateTensors();
    for (const [name, value] of this.#model.namedParameters()) {
      const momentum = state.get(`${name}.momentum_buffer`);
      invariant(momentum, `a momentum of ${name}`);
      this.take(`momentum of ${this.#sort(name)}`, name, momentum);
      this.take(`trained ${this.#sort(name)}`, name, value);
    }
    this.#takeStatistics("all steps");
  }

  #takeStatistics(when: string): void {
    for (const [name, buffer] of this.#model.namedBuffers()) {
      const statistic = /running_(mean|var)$/.exec(name)?.[1];
      if (statistic !== undefined) this.take(`running ${statistic} after ${when}`, name, buffer);
    }
  }

  #sort(name: string): string {
    return this.#convolutions.has(name) ? "live weights" : "other parameters";
  }
}

/**
 * How far `found` is from `exact`, by kind: the root mean square over its tensors of ‖a - b‖ / ‖b‖, where a tensor much smaller than the others
 * (a gradient that a later normalisation makes zero) counts as a hundredth of them.
 */
export function distances(found: Outcome, exact: Outcome): Map<string, number> {
  const rootMeanSquare = (values: readonly number[]): number =>
    Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
  return scope(() => {
    const result = new Map<string, number>();
    for (const [kind, values] of exact) {
      const norms = new Map([...values].map(([name, value]) => [name, value.norm().item()]));
      const least = rootMeanSquare([...norms.values()]) / 100;
      const apart = [...values].map(([name, value]) => {
        const other = found.get(kind)?.get(name);
        invariant(other, `${kind}: ${name}`);
        return other.sub(value).norm().item() / Math.max(norms.get(name) ?? 0, least);
      });
      result.set(kind, rootMeanSquare(apart));
    }
    return result;
  });
}
