/**
 * Batch normalisation takes mean and variance from the images of a step: of few images they say little of the data's, and the running statistics,
 * by which the trained model normalises, are made of them.
 */
import { BatchNorm2d, type Module } from "../nn/index.ts";

/** From this many images on nothing is said. */
const enough = 8;

/** What to know of a model that is trained in batches of as few as `images`; undefined where there is nothing to say. */
export function smallBatchNote(model: Module, images: number): string | undefined {
  if (images >= enough || ![...model.namedModules().values()].some((layer) => layer instanceof BatchNorm2d)) return;
  const many = images === 1 ? "a single image" : `as few as ${images} images`;
  return `Batch normalisation takes its statistics from ${many} in a step, fewer than ${enough}: they say little of the data, and the model may be worse for it.`;
}
