/**
 * The small network of the golden fixtures (base/net.json) built from our layers, with the fixtures' names:
 * normalise, conv1 3→8, conv2 8→16 stride 2, a residual conv3 16→16, global mean, fc; 3 922 parameters.
 */
import { AdaptiveAvgPool2d, BatchNorm2d, Conv2d, Flatten, Linear, Normalize } from "../../src/nn/index.ts";
import { GraphBuilder, type NetworkGraph } from "../../src/models/graph.ts";
import { Model } from "../../src/models/index.ts";
import { Generator, zeros } from "../../src/torch/index.ts";
import type { Tensor } from "../../src/torch/index.ts";
import { toTensor } from "./compare.ts";
import { useExactConstants } from "./exact-constants.ts";
import { readGoldenTensors } from "./golden.ts";
import "./one-thread.ts";

export type TinyDType = "float32" | "float64";
export type TinyWeights = "theta_init" | "theta_retrain_init" | "theta_o";

const mean = [0.4914, 0.4822, 0.4465];
const std = [0.247, 0.2435, 0.2616];

class TinyNet extends Model {
  readonly #normalize = this.registerModule("normalize", new Normalize({ mean, std }));
  readonly #conv1: Conv2d;
  readonly #bn1: BatchNorm2d;
  readonly #conv2: Conv2d;
  readonly #bn2: BatchNorm2d;
  readonly #conv3: Conv2d;
  readonly #bn3: BatchNorm2d;
  readonly #pool = new AdaptiveAvgPool2d(1);
  readonly #flatten = new Flatten();
  readonly #fc: Linear;

  constructor(generator: Generator) {
    const normalize = { mean, std };
    super({ arch: "tiny-net", numClasses: 10, inChannels: 3, imageSize: 16, stem: "cifar", members: 1, normalize });
    const same = { kernelSize: 3, padding: 1, bias: false };
    this.#conv1 = this.registerModule("conv1", new Conv2d({ ...same, inChannels: 3, outChannels: 8 }, generator));
    this.#bn1 = this.registerModule("bn1", new BatchNorm2d(8));
    const halving = { ...same, stride: 2 };
    this.#conv2 = this.registerModule("conv2", new Conv2d({ ...halving, inChannels: 8, outChannels: 16 }, generator));
    this.#bn2 = this.registerModule("bn2", new BatchNorm2d(16));
    this.#conv3 = this.registerModule("conv3", new Conv2d({ ...same, inChannels: 16, outChannels: 16 }, generator));
    this.#bn3 = this.registerModule("bn3", new BatchNorm2d(16));
    this.#fc = this.registerModule("fc", new Linear({ inFeatures: 16, outFeatures: 10 }, generator));
  }

  override forward(images: Tensor): Tensor {
    const first = this.#bn1.call(this.#conv1.call(this.#normalize.call(images))).relu_();
    const h = this.#bn2.call(this.#conv2.call(first)).relu_();
    const last = this.#bn3.call(this.#conv3.call(h)).add_(h).relu_();
    return this.#fc.call(this.#flatten.call(this.#pool.call(last)));
  }

  override graph(): NetworkGraph {
    const graph = new GraphBuilder();
    const first = graph.convolution(0, this.#conv1, this.#bn1);
    const h = graph.convolution(first, this.#conv2, this.#bn2);
    graph.convolution(h, this.#conv3, this.#bn3, { kind: "identity", tensor: h });
    return { normalize: this.#normalize, steps: graph.steps, fc: this.#fc };
  }
}

/** Freshly initialised; in float64 the constants of the normalisation are the exact decimals, as in the fixtures. */
export function tinyNet(dtype: TinyDType = "float32"): Model {
  using generator = Generator.seeded(1);
  return useExactConstants(new TinyNet(generator).to(dtype));
}

/** With weights and running statistics of a fixture, in training mode. */
export function loadTinyNet(weights: TinyWeights, dtype: TinyDType = "float32"): Model {
  const net = tinyNet(dtype);
  loadTinyState(net, readGoldenState(`base/${weights}.safetensors`));
  return net;
}

/** All tensors of a fixture file, under their names without `prefix`, or those with the prefix only. */
export function readGoldenState(path: string, prefix = ""): Map<string, Tensor> {
  const entries = [...readGoldenTensors(path)].filter(([name]) => name.startsWith(prefix));
  return new Map(entries.map(([name, value]) => [name.slice(prefix.length), toTensor(value)]));
}

/** Loads parameters and running statistics; constants and counters, which the fixtures leave out, are as in a new net. */
export function loadTinyState(net: Model, state: ReadonlyMap<string, Tensor>): void {
  const constants = [...net.stateDict()].filter(([name]) => name.startsWith("normalize."));
  const counters = ["bn1", "bn2", "bn3"].map((name) => [`${name}.num_batches_tracked`, zeros([], { dtype: "int64" })]);
  net.loadStateDict(new Map([...constants, ...(counters as [string, Tensor][]), ...state]));
}

/** A data set of the fixtures: images `[N, 3, 16, 16]` of the given type and int64 labels `[N]`. */
export function tinyData(part: "retain" | "forget" | "test", dtype: TinyDType): { images: Tensor; labels: Tensor } {
  const data = readGoldenState("base/data.safetensors");
  const images = data.get(`x_${part}`);
  const labels = data.get(`y_${part}`);
  if (images === undefined || labels === undefined) throw new TypeError(`base/data.safetensors: no ${part} set`);
  return { images: images.to(dtype), labels };
}
