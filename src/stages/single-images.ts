/** Networks that cannot be trained on a single image: batch normalisation of maps of one pixel has nothing to take a variance of. */
import { type ModelSpec } from "../models/index.ts";
import { noGrad, scope, zeros } from "../torch/index.ts";
import { CoppiceError } from "../util/errors.ts";
import { freshModel } from "./model-file.ts";

/** What a stage is about to train on. */
export interface SmallestSet {
  /** Images of the smallest set that is trained on by itself; Infinity: none is. */
  readonly images: number;
  readonly batchSize: number;
}

/**
 * @param where what trains, for the error
 * @throws CoppiceError E_CONFIG where a batch would hold a single image and the network cannot be trained on it
 */
export function checkSingleImages(where: string, spec: ModelSpec, { images, batchSize }: SmallestSet): void {
  if (images === Infinity || Math.min(images, batchSize) > 1 || takesSingleImages(spec)) return;
  const { arch, stem = "its own" } = spec;
  const got = batchSize === 1 ? "batches of one" : "a set of one";
  throw new CoppiceError(
    "E_CONFIG",
    `${where}: expected at least two images at once, as batch normalisation in ${arch} with the ${stem} stem needs for images of this size, got ${got}`,
    {
      hint:
        batchSize === 1
          ? "raise --batch-size above 1"
          : "use a method that does not train on that set by itself, or an original on larger images or with --stem cifar",
    },
  );
}

/** Whether a step of training on one image is possible: tried once, on a new network. */
function takesSingleImages(spec: ModelSpec): boolean {
  using model = freshModel({ ...spec, members: 1 }, 0, "cpu").train();
  const { inChannels, imageSize } = model.spec;
  try {
    noGrad(() => scope(() => void model.call(zeros([1, inChannels, imageSize, imageSize]))));
    return true;
  } catch (error) {
    if (error instanceof CoppiceError && error.code === "E_SHAPE") return false;
    throw error;
  }
}
