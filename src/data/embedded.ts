/**
 * The embedded data set: drawn from a seed in seconds, nothing to download. 32x32 colour pictures of ten shapes, hard enough that
 * a small network fits its training pictures and is wrong on some of the test pictures.
 * The same seed gives the same bytes on every machine, and a smaller set is the beginning of a larger one.
 */
import { expectInteger } from "../util/assert.ts";
import { randomStateFor } from "../util/seed.ts";
import type { ImageDataset, ImageSet, LoadOptions } from "./dataset.ts";
import { makeDataset } from "./make-dataset.ts";
import { defineDataset } from "./dataset-definition.ts";
import { drawScene, SCENE_BYTES, SCENE_SIZE } from "./scene.ts";
import { SceneRandom } from "./scene-random.ts";
import { defined } from "../util/defined.ts";
import { sceneShapes } from "./scene-shapes.ts";

const DEFAULT_NUM_TRAIN = 10_000;
const DEFAULT_NUM_TEST = 2_000;
/** 3 GiB of pixels. */
const MAX_COUNT = 1_000_000;

export const embedded = defineDataset({
  name: "embedded",
  title: "Embedded shapes",
  description:
    "synthetic colour images of ten shapes, 32x32, drawn from a seed: 10,000 for training and 2,000 for testing, or other numbers",
  takes: ["seed"],
  numbered: true,
  find: () => "drawn, needs no files",
  load: generateEmbedded,
});

/**
 * Draws the data set. Every ten consecutive images hold each class once. Ids are `train/123` and `test/7`.
 * Throws E_ARG when a count or the seed is out of range.
 */
export function generateEmbedded(options: LoadOptions = {}): ImageDataset {
  const { seed = 0, numTrain = DEFAULT_NUM_TRAIN, numTest = DEFAULT_NUM_TEST, classes } = options;
  expectInteger("seed", seed, { min: 0 });
  expectInteger("numTrain", numTrain, { min: 1, max: MAX_COUNT });
  expectInteger("numTest", numTest, { min: 1, max: MAX_COUNT });
  const numClasses = sceneShapes.length;
  // Every ten images hold each class once: so many more are drawn that enough are left of some classes.
  const drawn = (count: number): number =>
    classes === undefined ? count : Math.ceil(count / Math.max(1, classes.length)) * numClasses;
  return makeDataset(
    {
      name: "embedded",
      channels: 3,
      height: SCENE_SIZE,
      width: SCENE_SIZE,
      classNames: sceneShapes.map(({ name }) => name),
      train: drawPart("train", drawn(numTrain), seed),
      test: drawPart("test", drawn(numTest), seed),
      verified: true,
      provenance: null,
      source: `drawn from seed ${seed}`,
      mean: [0.5032, 0.4908, 0.4902], // of the default training part, as std
      std: [0.2021, 0.1965, 0.1995],
      augment: false,
    },
    { numTrain, numTest, ...defined({ classes }) },
  );
}

function drawPart(part: string, count: number, seed: number): Omit<ImageSet, "count"> {
  const images = new Uint8Array(count * SCENE_BYTES);
  const labels = new Uint8Array(count);
  const numClasses = sceneShapes.length;
  for (let start = 0; start < count; start += numClasses) {
    const order = randomStateFor(seed, `embedded/${part}/order/${start}`).permutation(numClasses);
    labels.set(order.subarray(0, Math.min(numClasses, count - start)), start);
  }
  for (let index = 0; index < count; index++) {
    const random = new SceneRandom(randomStateFor(seed, `embedded/${part}/${index}`));
    drawScene(images.subarray(index * SCENE_BYTES, (index + 1) * SCENE_BYTES), labels[index] ?? 0, random);
  }
  return { images, labels, ids: (index) => `${part}/${index}` };
}
