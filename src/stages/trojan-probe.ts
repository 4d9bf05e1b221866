/** The test images with and without a trigger and the images held out of training, and what a model says of them. For scoring alone: no method is handed any of it. */
import { defined } from "../util/defined.ts";
import { DeviceImages, type ImageSubset } from "../data/batches.ts";
import type { ImageSet } from "../data/dataset.ts";
import { triggeredTest } from "../data/poison/index.ts";
import { attackSuccess, attackSuccessReference, robustAccuracy, testAccuracy } from "../evaluate/index.ts";
import type { Module } from "../nn/index.ts";
import type { Metric, MetricLine } from "../record/index.ts";
import type { TrojanScores } from "../record/cleanse.ts";
import type { PoisonSettings } from "../record/poison.ts";
import { scope } from "../torch/index.ts";
import { predict, type Prediction, score } from "../train/index.ts";
import type { LoadedData } from "./data-context.ts";

/** Images that a score after every epoch is measured on, at most: two passes over them must stay cheap beside an epoch. */
const traceImages = 2000;

export interface Probing {
  /** Whose trigger is put on the images; undefined where none is known: then only the clean accuracy is measured. */
  readonly attack: PoisonSettings | undefined;
  /** Images of the training part, by index, that were held out of training; may be none. */
  readonly heldOut: readonly number[];
}

export type AfterEpoch = Pick<MetricLine, "attackSuccess" | "attackSuccessReference" | "testAccuracy">;

export interface Probed {
  readonly scores: TrojanScores;
  /** Class predicted for every triggered test image; empty where no attack is known. */
  readonly predicted: readonly number[];
}

export class TrojanProbe implements Disposable {
  readonly #clean: ImageSubset;
  readonly #heldOut: ImageSubset | null;
  readonly #attack: PoisonSettings | undefined;
  readonly #triggered: DeviceImages | null;
  readonly #traced: {
    readonly clean: ImageSubset;
    readonly triggered: ImageSubset;
    /** Triggered images of the target class; null where there are none. */
    readonly ofTarget: ImageSubset | null;
    readonly set: DeviceImages;
  } | null;
  /** Every test image with the trigger; null where no attack is known. */
  readonly triggeredImages: ImageSet | null;
  /** Clean test images that {@link afterEpoch} looks at. */
  readonly traceImages: number;

  constructor({ dataset, train, test }: LoadedData, { attack, heldOut }: Probing, device: string) {
    const all = Array.from({ length: dataset.test.count }, (_, index) => index);
    this.#clean = test.subset(all, "test images");
    this.#heldOut = heldOut.length === 0 ? null : train.subset(heldOut, "held-out images");
    this.#attack = attack;
    this.traceImages = attack === undefined ? 0 : Math.min(traceImages, all.length);
    if (attack === undefined) {
      [this.#triggered, this.#traced, this.triggeredImages] = [null, null, null];
      return;
    }
    const images = triggeredTest(dataset, attack);
    this.triggeredImages = images;
    this.#triggered = new DeviceImages(images, dataset, device);
    // With the target for a label, the accuracy is the attack success rate.
    const set = new DeviceImages({ ...images, labels: images.labels.map(() => attack.target) }, dataset, device);
    const first = all.slice(0, this.traceImages);
    const [others, own] = [false, true].map((isTarget) =>
      first.filter((index) => (dataset.test.labels[index] === attack.target) === isTarget),
    ) as [number[], number[]];
    this.#traced = {
      set,
      clean: test.subset(first, "test images"),
      triggered: set.subset(others, "test images of other classes than the target"),
      ofTarget: own.length === 0 ? null : set.subset(own, "test images of the target class"),
    };
  }

  /** Everything that is measured of one model. */
  async measure(model: Module, signal?: AbortSignal): Promise<Probed> {
    const options = defined({ signal });
    const accuracy = (images: ImageSubset): Promise<Metric> =>
      measurePrediction(model, images, options, (prediction) => testAccuracy.measure(prediction));
    const SA = await accuracy(this.#clean);
    const heldOut = this.#heldOut === null ? undefined : await accuracy(this.#heldOut);
    const clean = { SA, ...defined({ heldOut }) };
    if (this.#triggered === null || this.#attack === undefined) return { scores: clean, predicted: [] };
    const { target } = this.#attack;
    const all = this.#triggered.subset([...Array(this.#clean.count).keys()], "triggered test images");
    return await measurePrediction(model, all, options, (triggered) => ({
      scores: {
        ...clean,
        ASR: attackSuccess.measure({ triggered, target }),
        ASRReference: attackSuccessReference.measure({ triggered, target }),
        robustAccuracy: robustAccuracy.measure({ triggered, target }),
      },
      predicted: scope(() => triggered.logits.argmax(1).toArray()),
    }));
  }

  /** For the line of an epoch: scores on the first test images; nothing where no attack is known. */
  afterEpoch(model: Module): AfterEpoch {
    if (this.#traced === null) return {};
    const { clean, triggered, ofTarget } = this.#traced;
    const attackSuccess = score(model, triggered).accuracy;
    const hits =
      attackSuccess * triggered.count + (ofTarget === null ? 0 : score(model, ofTarget).accuracy * ofTarget.count);
    return {
      attackSuccess,
      attackSuccessReference: hits / clean.count,
      testAccuracy: score(model, clean).accuracy,
    };
  }

  [Symbol.dispose](): void {
    this.#triggered?.dispose();
    this.#traced?.set.dispose();
  }
}

async function measurePrediction<T>(
  model: Module,
  source: ImageSubset,
  options: { readonly signal?: AbortSignal },
  measure: (prediction: Prediction) => T,
): Promise<T> {
  const prediction = await predict(model, source, options);
  try {
    return measure(prediction);
  } finally {
    prediction.logits.dispose();
    prediction.labels.dispose();
  }
}
