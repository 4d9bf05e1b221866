/** Some forget images with what the models say of them, for people to look at. */
import { defined } from "../util/defined.ts";
import type { ImageShape } from "../data/batches.ts";
import type { ImageDataset, ImageSet } from "../data/dataset.ts";
import { isPublished } from "../data/registry.ts";
import type { EvaluationRecord, SampleImage } from "../record/index.ts";
import type { SplitManifest } from "../record/split.ts";
import { scope } from "../torch/index.ts";
import type { Prediction } from "../train/index.ts";
import type { DataConfig } from "./config.ts";

type Sample = EvaluationRecord["samples"][number];

const wanted = 16;

/**
 * Whether a record may hold images to be forgotten and their ids. Unless it is said, only those of data that anyone has: an answer to a request to be
 * forgotten must not keep what was to go.
 */
export function showsSamples(
  asked: boolean | undefined,
  { data, verified }: { readonly data: Pick<DataConfig, "name">; readonly verified: boolean },
): boolean {
  return asked ?? (verified && isPublished(data.name));
}

/** Up to 16 forget images, spread evenly over the forget set so that the choice favours none. */
export function forgetSamples(
  dataset: ImageDataset,
  split: SplitManifest,
  after: Prediction,
  before: Prediction | null,
): Sample[] {
  const { forget } = split.indices;
  const count = Math.min(wanted, forget.length);
  const positions = Array.from({ length: count }, (_, i) => Math.floor((i * forget.length) / count));
  const now = statements(after);
  const then = before === null ? null : statements(before);
  return positions.map((position) => {
    const index = forget[position] ?? 0;
    return {
      index,
      id: dataset.train.ids(index),
      label: dataset.train.labels[index] ?? 0,
      image: imageOf(dataset, dataset.train, index),
      probabilityAfter: now.probability[position] ?? 0,
      predictedAfter: now.predicted[position] ?? 0,
      ...defined({
        probabilityBefore: then === null ? undefined : (then.probability[position] ?? 0),
        predictedBefore: then === null ? undefined : (then.predicted[position] ?? 0),
      }),
    };
  });
}

/** Probability of the label and predicted class of every image. */
function statements({ logits, labels }: Prediction): { probability: number[]; predicted: number[] } {
  return scope(() => ({
    probability: logits.softmax(1).gather(1, labels.unsqueeze(1)).clamp(0, 1).toArray(),
    predicted: logits.argmax(1).toArray(),
  }));
}

/** The pixels of image `index` of `set`, for a record. */
export function imageOf(
  { channels, height, width }: ImageShape,
  { images }: Pick<ImageSet, "images">,
  index: number,
): SampleImage {
  const bytes = channels * height * width;
  const data = Buffer.from(images.subarray(index * bytes, (index + 1) * bytes)).toString("base64");
  return { channels: channels === 1 ? 1 : 3, height, width, data };
}
