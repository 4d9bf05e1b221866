/** Training of small networks: tensors left alive, and the share of time that goes into the input. */
import { type BatchSource, DeviceImages } from "../src/data/index.ts";
import { createModel } from "../src/models/index.ts";
import { constant, type Optimizer, sgd } from "../src/optim/index.ts";
import { Generator, liveTensors } from "../src/torch/index.ts";
import { type FitSummary, Trainer } from "../src/train/index.ts";
import type { Benchmark } from "./result.ts";

interface TrainingOptions {
  readonly batchSize: number;
  /** Height and width of the images. */
  readonly size: number;
}

/** ResNet-20s on images at hand, cropped and flipped. */
class Training {
  readonly #options: TrainingOptions;
  readonly #data: DeviceImages;
  readonly #trainer: Trainer;
  readonly #optimizer: Optimizer;

  constructor(options: TrainingOptions) {
    const { batchSize, size } = options;
    const count = 4 * batchSize;
    const images = Uint8Array.from({ length: count * 3 * size * size }, (_, i) => (i * 2654435761) >>> 24);
    const labels = Uint8Array.from({ length: count }, (_, i) => i % 10);
    const shape = { channels: 3, height: size, width: size };
    const normalize = { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] };
    const model = createModel({ arch: "resnet20s", numClasses: 10, imageSize: size, normalize }, Generator.seeded(0));
    const generators = { order: Generator.seeded(1), augment: Generator.seeded(2) };
    this.#options = options;
    this.#data = new DeviceImages({ images, labels, count, ids: String }, shape, "cpu");
    this.#trainer = new Trainer({ model, generators, batchSize, augment: true });
    this.#optimizer = sgd(model.namedParameters(), { lr: 0.01, momentum: 0.9, weightDecay: 5e-4 });
  }

  images(steps: number): BatchSource {
    const { batchSize } = this.#options;
    const indices = Array.from({ length: steps * batchSize }, (_, i) => i % (4 * batchSize));
    return this.#data.subset(indices, "benchmark");
  }

  /** One pass over `source`. */
  async fit(source: BatchSource): Promise<FitSummary> {
    const schedule = constant({ lr: 0.01 });
    return await this.#trainer.fit(source, { epochs: 1, optimizer: this.#optimizer, schedule });
  }
}

export const inputShare: Benchmark = {
  name: "input-share",
  unit: "fraction",
  measures: "share of a training step (ResNet-20s, batch 256, 32x32) that drawing, cropping, flipping and scaling take",
  better: "lower",
  target: "less than 0.05",
  meets: ({ value }) => value < 0.05,
  run: async () => {
    const training = new Training({ batchSize: 256, size: 32 });
    await training.fit(training.images(3));
    const fourSteps = training.images(4);
    const fits: FitSummary[] = [];
    for (let i = 0; i < 7; i++) fits.push(await training.fit(fourSteps));
    const secondsPerStep = fits.reduce((sum, { seconds, steps }) => sum + seconds / steps, 0) / fits.length;
    return { samples: fits.map(({ dataSeconds, seconds }) => dataSeconds / seconds), details: { secondsPerStep } };
  },
};

export const liveTensorCount: Benchmark = {
  name: "live-tensors",
  unit: "tensors",
  measures: "tensors alive after 10 and after 200 training steps: min and max must be equal",
  better: "equal",
  target: "as many after 200 steps as after 10",
  meets: ({ min, max }) => min === max,
  run: async () => {
    const training = new Training({ batchSize: 4, size: 8 });
    const oneStep = training.images(1);
    const samples: number[] = [];
    let done = 0;
    for (const until of [10, 200]) {
      for (; done < until; done++) await training.fit(oneStep);
      samples.push(liveTensors());
    }
    return { samples };
  },
};
