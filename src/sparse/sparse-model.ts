/**
 * A pruned network that computes with its live weights only.
 *
 * The same function as the dense network with its masked weights at zero, up to rounding. Parameters have the dense names, but
 * those of convolutions are flat and hold the live weights, so gradients and optimiser state do too. State dicts are dense.
 * Everything else (batch normalisations, running statistics, classifier) is the dense model's own.
 *
 * Source     docs/sparse-engine.md
 * Differs    from the dense path: no second derivatives, none with respect to the images, CPU only
 */
import { Model, type NetworkGraph } from "../models/index.ts";
import type { Module } from "../nn/index.ts";
import type { Mask } from "../prune/index.ts";
import { type DType, keep, noGrad, scope, sparseForward, sparsePlan, type Tensor } from "../torch/index.ts";
import { CoppiceError, invariant } from "../util/errors.ts";
import { gather, livePositions, scatter } from "./live-weights.ts";
import { convolutionsOf, programOf, unsupported } from "./program.ts";

interface Layer {
  /** Parameter name of the convolution's weight. */
  readonly name: string;
  readonly positions_S: Tensor;
  /** The parameter: float [S]. */
  live_S: Tensor;
}

/** Why `model` cannot run sparsely, or null when it can. */
export function sparseObstacle(model: Model): string | null {
  const graph = model.graph();
  if (graph === null) return `${model.spec.arch} has no description of its steps`;
  const { device, dtype } = graph.fc.weight;
  if (device !== "cpu") return `the sparse kernels run on the CPU, not on ${device}`;
  if (dtype !== "float32" && dtype !== "float64")
    return `the sparse kernels compute in float32 or float64, not in ${dtype}`;
  const what = unsupported(graph);
  return what === null ? null : `the sparse kernels have no ${what}`;
}

export class SparseModel extends Model {
  readonly #dense: Model;
  readonly #graph: NetworkGraph;
  readonly #layers: readonly Layer[];
  /** By image size: a plan holds offsets. */
  readonly #plans = new Map<string, Tensor>();

  /**
   * Takes over `dense`, which is not to be used otherwise from now on. Weights that `mask` does not name are all alive.
   * @throws CoppiceError E_CONFIG where `sparseObstacle` names one, E_CHECKPOINT for a mask of another model.
   */
  constructor(dense: Model, mask: Mask) {
    super(dense.spec);
    const obstacle = sparseObstacle(dense);
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
    this.#dense = dense;
    this.#graph = graph;
    this.#layers = scope(() => {
      const kept = mask.toState();
      const paths = new Map([...dense.namedModules()].map(([path, module]) => [module, path]));
      return convolutionsOf(graph).map(({ convolution }): Layer => {
        const name = `${paths.get(convolution)}.weight`;
        const positions_S = keep(livePositions(convolution.weight.shape, kept.get(`${name}_mask`) ?? null));
        const live_S = keep(gather(convolution.weight, positions_S));
        live_S.requiresGrad = true;
        return { name, positions_S, live_S };
      });
    });
    this.train(dense.training);
  }

  /** @throws CoppiceError E_SHAPE for other images than the network's channels. */
  override forward(images_NCHW: Tensor): Tensor {
    const { normalize, fc } = this.#graph;
    const normalized_NCHW = normalize.call(images_NCHW);
    const steps = convolutionsOf(this.#graph);
    if (this.training) for (const { norm } of steps) norm.countBatch();
    const parameters = steps.flatMap(({ norm }, i) => {
      const layer = this.#layers[i];
      invariant(layer, "a layer for each convolution");
      return [layer.live_S, norm.weight, norm.bias];
    });
    const running = steps.flatMap(({ norm }) => [norm.runningMean, norm.runningVar]);
    const plan = this.#planFor(normalized_NCHW.shape);
    const momentum = steps[0]?.norm.momentum ?? 0;
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

  /** Dense tensors of the dense network, brought up to date: they change at the next call, not while this model trains. */
  override stateDict(): Map<string, Tensor> {
    const weights = this.#dense.namedParameters();
    noGrad(() =>
      scope(() => {
        for (const { name, positions_S, live_S } of this.#layers) {
          const weight = weights.get(name);
          invariant(weight, `no parameter ${name}`);
          scatter(weight, positions_S, live_S);
        }
      }),
    );
    return this.#dense.stateDict();
  }

  /** Takes a dense state; what the mask has removed is left out. */
  override loadStateDict(state: ReadonlyMap<string, Tensor>): void {
    this.#dense.loadStateDict(state);
    const weights = this.#dense.namedParameters();
    noGrad(() =>
      scope(() => {
        for (const { name, positions_S, live_S } of this.#layers) {
          const weight = weights.get(name);
          invariant(weight, `no parameter ${name}`);
          live_S.copy_(gather(weight, positions_S));
        }
      }),
    );
  }

  /** Converts the precision; a device other than the CPU is refused. */
  override to(dtypeOrDevice: DType | string): this {
    if (dtypeOrDevice === "cpu") return this;
    if (dtypeOrDevice !== "float32" && dtypeOrDevice !== "float64") {
      throw new CoppiceError("E_CONFIG", `sparse engine: expected float32, float64 or cpu, got ${dtypeOrDevice}`);
    }
    this.stateDict();
    this.#dense.to(dtypeOrDevice);
    for (const layer of this.#layers) {
      const old = layer.live_S;
      layer.live_S = keep(scope(() => old.detach().to(dtypeOrDevice).clone()));
      layer.live_S.requiresGrad = true;
      old.dispose();
    }
    return this;
  }

  override dispose(): void {
    this.#dense.dispose();
    for (const { positions_S, live_S } of this.#layers) for (const tensor of [positions_S, live_S]) tensor.dispose();
    for (const plan of this.#plans.values()) plan.dispose();
    this.#plans.clear();
  }

  #planFor([, channels = 0, height = 0, width = 0]: readonly number[]): Tensor {
    const key = `${channels}x${height}x${width}`;
    let plan = this.#plans.get(key);
    if (plan === undefined) {
      const { numbers, eps } = programOf(this.#graph, [channels, height, width]);
      const positions = this.#layers.map(({ positions_S }) => positions_S);
      plan = keep(scope(() => sparsePlan(numbers, positions, eps)));
      this.#plans.set(key, plan);
    }
    return plan;
  }
}
