/**
 * A pruned network that computes with its live weights only.
 *
 * The same function as the dense network with its masked weights at zero, up to rounding. Parameters have the dense names, but
 * those of convolutions are flat and hold the live weights, so gradients and optimiser state do too. State dicts are dense.
 * Everything else (batch normalisations, running statistics, classifier) is the dense model's own.
 *
 * Source     docs/explanation/sparse-engine.md
 * Differs    from the dense path: no second derivatives, none with respect to the images, CPU only
 */
import { type ConvolutionStep, Model, type NetworkGraph } from "../models/index.ts";
import type { Module } from "../nn/index.ts";
import type { Mask } from "../prune/index.ts";
import { type Precision, precisions } from "../record/engine-config.ts";
import {
  type DType,
  keep,
  type NativeObject,
  noGrad,
  scope,
  sparseForward,
  sparseHasKernels,
  sparsePlan,
  type Tensor,
} from "../torch/index.ts";
import { CoppiceError } from "../util/errors.ts";
import { gather, liveIndices, scatter } from "./live-weights.ts";
import { convolutionsOf, programOf, unsupported, weightNames } from "./program.ts";

export { type Precision, precisions };

interface Layer {
  /** Parameter name of the convolution's weight. */
  readonly name: string;
  readonly indices_S: Tensor;
  /** The parameter: float [S]. */
  live_S: Tensor;
  readonly step: ConvolutionStep;
}

/** The live weights as a parameter, kept. */
function parameterOf(weight_OIHW: Tensor, indices_S: Tensor): Tensor {
  const live_S = keep(gather(weight_OIHW, indices_S));
  live_S.requiresGrad = true;
  return live_S;
}

/** Why `model` cannot run sparsely, or null when it can. */
export function sparseObstacle(model: Model, precision: Precision = "float32"): string | null {
  const graph = model.graph();
  if (model.spec.members > 1) return "the model is an ensemble of several networks";
  if (graph === null) return `${model.spec.arch} has no description of its steps`;
  const { device, dtype } = graph.fc.weight;
  if (device !== "cpu") return `the sparse kernels run on the CPU, not on ${device}`;
  if (dtype !== "float32" && dtype !== "float64")
    return `the sparse kernels compute in float32 or float64, not in ${dtype}`;
  if (precision === "bf16" && dtype !== "float32") return `bf16 is for models in float32, not in ${dtype}`;
  if (precision === "bf16" && !sparseHasKernels("bfloat16")) return "the processor has no AVX512_BF16 for bf16";
  const what = unsupported(graph);
  return what === null ? null : `the sparse kernels have no ${what}`;
}

export class SparseModel extends Model {
  readonly #dense: Model;
  readonly #precision: Precision;
  readonly #graph: NetworkGraph;
  readonly #layers: readonly Layer[];
  /** By image size: a plan holds offsets. */
  readonly #plans = new Map<string, NativeObject>();

  /**
   * Takes over `dense`, which is not to be used otherwise from now on. Weights that `mask` does not name are all alive.
   * @param precision bf16 also rounds the weights that are multiplied, not those that are trained
   * @throws CoppiceError E_CONFIG where `sparseObstacle` names one, E_CHECKPOINT for a mask of another model.
   */
  constructor(dense: Model, mask: Mask, precision: Precision = "float32") {
    super(dense.spec);
    const obstacle = sparseObstacle(dense, precision);
    const graph = dense.graph();
    if (obstacle !== null || graph === null) {
      throw new CoppiceError(
        "E_CONFIG",
        `sparse engine: expected a network that it can run, got one where ${obstacle}`,
        {
          hint: "use --engine dense",
        },
      );
    }
    mask.apply(dense);
    mask.dispose(); // its multipliers, as large as the dense weights: nothing here needs them again
    this.#dense = dense;
    this.#precision = precision;
    this.#graph = graph;
    this.#layers = scope(() => {
      const kept = mask.toState();
      const names = weightNames(dense, graph);
      return convolutionsOf(graph).map((step, i): Layer => {
        const name = names[i] ?? "";
        const { weight } = step.convolution;
        const indices_S = keep(liveIndices(weight.shape, kept.get(`${name}_mask`) ?? null));
        return { name, indices_S, live_S: parameterOf(weight, indices_S), step };
      });
    });
    this.train(dense.training);
  }

  /** @throws CoppiceError E_SHAPE for other images than the network's channels. */
  override forward(images_NCHW: Tensor): Tensor {
    const { normalize, fc } = this.#graph;
    const normalized_NCHW = normalize.call(images_NCHW);
    if (this.training) for (const { step } of this.#layers) step.norm.countBatch();
    const parameters = this.#layers.flatMap(({ live_S, step: { norm } }) => [live_S, norm.weight, norm.bias]);
    const running = this.#layers.flatMap(({ step: { norm } }) => [norm.runningMean, norm.runningVar]);
    const plan = this.#planFor(normalized_NCHW.shape);
    const momentum = this.#layers[0]?.step.norm.momentum ?? 0;
    return fc.call(sparseForward(plan, normalized_NCHW, parameters, running, this.training, momentum));
  }

  /** Modules of the dense network, so that layers are found by their kind. */
  override namedModules(): Map<string, Module> {
    return new Map<string, Module>([...this.#dense.namedModules(), ["", this]]);
  }

  override namedParameters(): Map<string, Tensor> {
    const live = new Map(this.#layers.map(({ name, live_S }) => [name, live_S]));
    return new Map([...this.#dense.namedParameters()].map(([name, tensor]) => [name, live.get(name) ?? tensor]));
  }

  override namedBuffers(): Map<string, Tensor> {
    return this.#dense.namedBuffers();
  }

  /** The tensors of the dense network, which are updated only when this is called, not while the model trains. */
  override stateDict(): Map<string, Tensor> {
    this.#eachLayer(({ step, indices_S, live_S }) => scatter(step.convolution.weight, indices_S, live_S));
    return this.#dense.stateDict();
  }

  /** Takes a dense state; what the mask has removed is left out. */
  override loadStateDict(state: ReadonlyMap<string, Tensor>): void {
    this.#dense.loadStateDict(state);
    this.#eachLayer(({ step, indices_S, live_S }) => live_S.copy_(gather(step.convolution.weight, indices_S)));
  }

  /** Converts the precision; a device other than the CPU is refused. */
  override to(dtypeOrDevice: DType | string): this {
    if (dtypeOrDevice === "cpu") return this;
    const possible = this.#precision === "bf16" ? ["float32"] : ["float32", "float64"];
    if ((dtypeOrDevice !== "float32" && dtypeOrDevice !== "float64") || !possible.includes(dtypeOrDevice)) {
      throw new CoppiceError("E_CONFIG", `sparse engine: expected ${possible.join(", ")} or cpu, got ${dtypeOrDevice}`);
    }
    this.stateDict();
    this.#dense.to(dtypeOrDevice);
    this.#eachLayer((layer) => {
      layer.live_S.dispose();
      layer.live_S = parameterOf(layer.step.convolution.weight, layer.indices_S);
    });
    return this;
  }

  override dispose(): void {
    this.#dense.dispose();
    for (const { indices_S, live_S } of this.#layers) for (const tensor of [indices_S, live_S]) tensor.dispose();
    for (const plan of this.#plans.values()) plan.dispose();
    this.#plans.clear();
  }

  #eachLayer(change: (layer: Layer) => void): void {
    noGrad(() => scope(() => this.#layers.forEach(change)));
  }

  #planFor([, channels = 0, height = 0, width = 0]: readonly number[]): NativeObject {
    const key = `${channels}x${height}x${width}`;
    let plan = this.#plans.get(key);
    if (plan === undefined) {
      const { images, steps, eps } = programOf(this.#graph, [channels, height, width]);
      const indices = this.#layers.map(({ indices_S }) => indices_S);
      const kernels = this.#precision === "bf16" ? "bfloat16" : "";
      plan = keep(sparsePlan(images, steps, indices, eps, kernels));
      this.#plans.set(key, plan);
    }
    return plan;
  }
}
