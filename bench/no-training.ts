/** What the two methods without training cost, in epochs of training: Fisher forgetting (exact) and influence unlearning (woodfisher). */
import { DeviceImages } from "../src/data/index.ts";
import type { BatchSource } from "../src/data/batches.ts";
import { loadDataset } from "../src/data/registry.ts";
import { loadModel } from "../src/stages/model-file.ts";
import { createModel, type Model } from "../src/models/index.ts";
import { constant, sgd } from "../src/optim/index.ts";
import { cat, Generator, scope, type Tensor } from "../src/torch/index.ts";
import { Trainer } from "../src/train/index.ts";
import { methodNamed, type MethodContext } from "../src/unlearn/index.ts";
import { exactInformation } from "../src/unlearn/fisher.ts";
import { influenceOf } from "../src/unlearn/influence.ts";
import { inverseFisherProduct } from "../src/unlearn/tools/inverse-fisher.ts";
import { disposeAll } from "../src/unlearn/tools/parameters.ts";
import type { Benchmark, Measurement } from "./result.ts";
import { summarize } from "./result.ts";
import { smallTrainedModel } from "./trained.ts";

const repetitions = 5;
const batchSize = 256;
const measured = 2048;
/** Of the paper's random forgetting on CIFAR-10: retained and all training images. */
const [retained, all] = [40_500, 45_000];
const samples = 1000;
/** Epochs of its Retrain, and run times over that of Retrain, 43.23 minutes (its main table). */
const paper = { retrainEpochs: 160, fisher: 38.91 / 43.23, influence: 3.25 / 43.23 };

interface Setting {
  readonly model: Model;
  readonly trainer: Trainer;
  readonly images: (from: number, count: number) => BatchSource;
  /** Puts the trained weights and statistics back: an epoch at rate 0 moves the latter. */
  readonly reset: () => void;
}

async function setting(): Promise<Setting> {
  const { file, numTrain } = smallTrainedModel();
  const data = await loadDataset("cifar10", { allowUnverified: true, numTrain, numTest: 1, log: () => undefined });
  const images = new DeviceImages(data.train, data, "cpu");
  const { mean, std } = data;
  const model = createModel({ arch: "resnet20s", numClasses: 10, normalize: { mean, std } }, Generator.seeded(0));
  loadModel(file, model);
  const generators = { order: Generator.seeded(1), augment: Generator.seeded(2) };
  const trainer = new Trainer({ model, generators, batchSize, augment: true });
  const part = (from: number, count: number): BatchSource =>
    images.subset(
      Array.from({ length: count }, (_, i) => from + i),
      "benchmark",
    );
  return { model, trainer, images: part, reset: () => void loadModel(file, model) };
}

async function secondsOf(action: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await action();
  return (performance.now() - started) / 1000;
}

/** Of an epoch over `measured` images, at rate 0: the weights stay. */
function epochOf({ model, trainer, images }: Setting): () => Promise<unknown> {
  const source = images(0, measured);
  const optimizer = sgd(model.namedParameters(), { lr: 0, momentum: 0.9, weightDecay: 0 });
  return () => trainer.fit(source, { epochs: 1, optimizer, schedule: constant({ lr: 0 }) });
}

/** @param cost seconds of the method for `retained` images @param published the paper's run time over its Retrain's */
async function compare(cost: (setting: Setting) => Promise<number>, published: number): Promise<Measurement> {
  const made = await setting();
  const epoch = epochOf(made);
  await epoch();
  const rounds: { epoch: number; method: number }[] = [];
  for (let i = 0; i < repetitions; i++) {
    const of = (await secondsOf(epoch)) * (retained / measured);
    made.reset();
    rounds.push({ epoch: of, method: await cost(made) });
  }
  const ratios = rounds.map(({ epoch: ofEpoch, method }) => method / ofEpoch);
  return {
    samples: ratios,
    details: {
      epochSeconds: summarize(rounds.map(({ epoch: ofEpoch }) => ofEpoch)).value,
      methodSeconds: summarize(rounds.map(({ method }) => method)).value,
      shareOfRetrain: summarize(ratios).value / paper.retrainEpochs,
      paperShareOfRetrain: published,
    },
  };
}

async function fisherSeconds({ model, trainer, images }: Setting): Promise<number> {
  const { tolerance } = methodNamed("fisher").options;
  const context = { model, trainer, retain: images(0, measured) } as unknown as MethodContext;
  const seconds = await secondsOf(async () =>
    disposeAll(await exactInformation(context, tolerance?.default as number)),
  );
  return seconds * (retained / measured);
}

/** How far F at the default tolerance is off from F with every term: over weights, in percent. */
async function fisherError(): Promise<Measurement> {
  const { model, trainer, images } = await setting();
  const { tolerance } = methodNamed("fisher").options;
  const context = { model, trainer, retain: images(0, measured / 2) } as unknown as MethodContext;
  const whole = await exactInformation(context, 0);
  const quick = await exactInformation(context, tolerance?.default as number);
  const percent = scope(() => {
    const [of, by] = [whole, quick].map((sums) => cat([...sums.values()].map((sum) => sum.flatten().to("float64"))));
    const off = (by as Tensor)
      .div(of as Tensor)
      .sub(1)
      .abs()
      .mul(100);
    return off.toArray().filter((value) => !Number.isNaN(value)); // 0 / 0: a weight that nothing depends on
  }).toSorted((a, b) => a - b);
  for (const sums of [whole, quick]) disposeAll(sums);
  const at = (share: number): number => percent[Math.floor(share * (percent.length - 1))] ?? NaN;
  return { samples: [at(0.5)], details: { percent95: at(0.95), percent99: at(0.99), weights: percent.length } };
}

async function influenceSeconds({ model, trainer, images }: Setting): Promise<number> {
  const forgotten = measured / 10;
  const parts = {
    forget: images(0, Math.round(forgotten)),
    retain: images(Math.round(forgotten), measured - Math.round(forgotten)),
  };
  const context = { model, trainer, ...parts } as unknown as MethodContext;
  let direction: Awaited<ReturnType<typeof influenceOf>> = new Map();
  const ofDirection = await secondsOf(async () => (direction = await influenceOf(context)));
  const ofInverse = await secondsOf(async () => disposeAll(await inverseFisherProduct(context, direction, samples)));
  disposeAll(direction);
  return ofDirection * (all / measured) + ofInverse;
}

const how = `ResNet-20s that has fitted its images, ${retained} retained images, in epochs over them (batch ${batchSize}, augmented)`;

export const noTrainingBenchmarks: readonly Benchmark[] = [
  {
    name: "fisher-exact-epochs",
    unit: "epochs",
    measures: `the cost of Fisher forgetting, variant exact: ${how}; the paper's FF takes 0.90 of its Retrain of 160 epochs`,
    better: "lower",
    target: "at most 3",
    meets: ({ value }) => value <= 3,
    run: () => compare(fisherSeconds, paper.fisher),
  },
  {
    name: "fisher-exact-error",
    unit: "percent",
    measures: `how far the Fisher information of variant exact is off at its default tolerance, in the median over the weights of a ResNet-20s that has fitted its images, ${measured / 2} of them`,
    better: "lower",
    target: "at most 0.5",
    meets: ({ value }) => value <= 0.5,
    run: fisherError,
  },
  {
    name: "influence-woodfisher-epochs",
    unit: "epochs",
    measures: `the cost of influence unlearning, variant woodfisher with ${samples} samples: ${how}; the paper's IU takes 0.075 of its Retrain of 160 epochs`,
    better: "lower",
    target: "at most 1",
    meets: ({ value }) => value <= 1,
    run: () => compare(influenceSeconds, paper.influence),
  },
];
