/** The data without their test part: what is not there cannot be tuned on. */
import type { ImageDataset } from "../data/dataset.ts";
import { defined } from "../util/defined.ts";
import { CoppiceError } from "../util/errors.ts";
import type { DataConfig } from "../stages/config.ts";
import { DataContext, type KnownImages, type LoadedData } from "../stages/data-context.ts";

/**
 * Gives what `inner` loads with the test images and their labels left out. The number of test images and the digest of the whole data set stay: a
 * split is known by them. So do the ids of test images: a list is understood as by `forget`.
 */
export class BlindDataContext extends DataContext {
  readonly #inner: DataContext;

  constructor(inner: DataContext) {
    super();
    this.#inner = inner;
  }

  override async load(
    config: DataConfig,
    device: string,
    log: (message: string) => void,
    known?: KnownImages,
  ): Promise<LoadedData> {
    const { dataset, train, absent } = await this.#inner.load(config, device, log, known);
    const { count, ids } = dataset.test;
    return {
      dataset: { ...dataset, test: { ...nothing, count, ids } },
      train,
      ...defined({ absent }),
      get test(): never {
        throw unseen();
      },
    };
  }

  /** What was loaded is the inner context's. */
  override dispose(): void {}
}

const nothing: Omit<ImageDataset["test"], "count" | "ids"> = {
  images: new Uint8Array(),
  labels: new Uint8Array(),
  digests: new Uint8Array(),
};

function unseen(): CoppiceError {
  return new CoppiceError("E_CONFIG", "tuning: expected no look at test images, got one", {
    hint: "options are searched on training and validation images alone; this is a defect of the program, please report it",
  });
}
