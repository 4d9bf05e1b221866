/** Data as they would be had some training images never existed: black in their place, so that what is computed from them shows. */
import { DeviceImages } from "../../src/data/batches.ts";
import { DataContext, type RunFolder } from "../../src/stages/index.ts";

/** Loads data with the images at `indices` of the training part black. Their digest, by which stages know data, stays. */
export function blankedData(indices: readonly number[]): DataContext {
  const context = new DataContext();
  const load = context.load.bind(context);
  context.load = async (...args) => {
    const loaded = await load(...args);
    const { train } = loaded.dataset;
    const images = train.images.slice();
    const size = images.length / train.count;
    for (const index of indices) images.fill(0, index * size, (index + 1) * size);
    const dataset = { ...loaded.dataset, train: { ...train, images } };
    return { ...loaded, dataset, train: new DeviceImages(dataset.train, dataset, args[1]) };
  };
  return context;
}

/** Indices of what a run forgets. */
export function forgottenBy(run: RunFolder): readonly number[] {
  return run.readSplit().indices.forget;
}
