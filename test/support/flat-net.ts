/** A network whose features are the pixels: what detectors make of features can be said beforehand. */
import { Flatten, Linear } from "../../src/nn/index.ts";
import { Model } from "../../src/models/index.ts";
import { type DetectorContext } from "../../src/detect/index.ts";
import { Generator, noGrad, randn, scope, tensor, type Tensor } from "../../src/torch/index.ts";
import { TensorSource } from "./tensor-source.ts";

const side = 2;
/** Features of an image. */
export const width = side * side;

class FlatNet extends Model {
  readonly #flatten = new Flatten();
  readonly #fc: Linear;

  constructor(generator: Generator) {
    const normalize = { mean: [0], std: [1] };
    super({ arch: "flat", numClasses: 2, inChannels: 1, imageSize: side, stem: "cifar", members: 1, normalize });
    this.#fc = this.registerModule("fc", new Linear({ inFeatures: width, outFeatures: 2 }, generator));
  }

  override forward(images: Tensor): Tensor {
    return this.#fc.call(this.#flatten.call(images));
  }
}

/** In evaluation mode; class 1 where the weighted sum of the pixels is positive. */
export function flatNet(weights: readonly number[]): Model {
  using generator = Generator.seeded(1);
  const net = new FlatNet(generator);
  const rows = [...weights.map(() => 0), ...weights];
  noGrad(() =>
    scope(() =>
      net.loadStateDict(
        new Map([
          ["fc.weight", tensor(rows, { shape: [2, width] })],
          ["fc.bias", tensor([0, 0])],
        ]),
      ),
    ),
  );
  return net.eval();
}

/** Normal noise of deviation `noise` around rows of pixels, one an image. */
export function imagesAround(
  rows: readonly (readonly number[])[],
  noise: number,
  labels: readonly number[],
): TensorSource {
  using generator = Generator.seeded(3);
  const images = tensor(rows.flat(), { shape: [rows.length, 1, side, side] });
  const noisy = images.add(randn([rows.length, 1, side, side], { generator }).mul(noise));
  return new TensorSource({ images: noisy, labels: tensor(labels, { dtype: "int64" }) });
}

/** What a detector is given. @param said takes its messages */
export function detectorContext(
  model: Model,
  train: TensorSource,
  { heldOut, said = [] }: { heldOut?: TensorSource; said?: string[] } = {},
): DetectorContext {
  return {
    model,
    train,
    heldOut: () => heldOut ?? train,
    generator: Generator.seeded(5),
    log: (message) => void said.push(message),
  };
}
