/** The data of a stage: loaded once a process, put on a device, cut by the split. */
import { DeviceImages, type ImageSubset } from "../data/batches.ts";
import type { ImageDataset, LoadOptions } from "../data/dataset.ts";
import { poisonDataset } from "../data/poison/index.ts";
import { loadDataset } from "../data/registry.ts";
import { Interrupted } from "../train/index.ts";
import type { RunRecord } from "../record/index.ts";
import type { SplitManifest } from "../record/split.ts";
import { CoppiceError } from "../util/errors.ts";
import { canonicalJson } from "../util/hash.ts";
import type { DataConfig } from "./config.ts";

export interface LoadedData {
  readonly dataset: ImageDataset;
  readonly train: DeviceImages;
  readonly test: DeviceImages;
  /** Of poisoned data: what is trained on and what stays clean for validation. Else each training draws its own. */
  readonly split?: SplitManifest;
}

/**
 * Keeps the last data set: stages on the same data share it.
 * @example
 * import { DataContext, train } from "coppice";
 *
 * const options = { data: "embedded", numTrain: 200, numTest: 50, arch: "resnet20s", epochs: 1, batchSize: 64 };
 * const data = new DataContext();
 * for (const seed of [1, 2]) await train({ ...options, seed }, `runs/seed-${seed}`, { data });
 * data.dispose();
 */
export class DataContext {
  readonly #watched: Pick<LoadOptions, "onProgress" | "signal">;
  #key = "";
  #loaded: LoadedData | null = null;

  /** @param watched is told how far long readings are, and stops them */
  constructor(watched: Pick<LoadOptions, "onProgress" | "signal"> = {}) {
    this.#watched = watched;
  }

  /** @throws CoppiceError E_DATA when the data are missing, damaged or not the published ones, Interrupted when asked to stop */
  async load(config: DataConfig, device: string, log: (message: string) => void): Promise<LoadedData> {
    const key = canonicalJson([config, device]);
    if (this.#loaded !== null && key === this.#key) return this.#loaded;
    this.dispose();
    const { name, poison, ...options } = config;
    const clean = await loadDataset(name, { ...options, log, ...this.#watched }).catch(this.#interrupted);
    const { dataset, ...given } = poison === undefined ? { dataset: clean } : poisonDataset(clean, poison);
    const train = new DeviceImages(dataset.train, dataset, device);
    const test = new DeviceImages(dataset.test, dataset, device);
    this.#loaded = { dataset, train, test, ...given };
    this.#key = key;
    return this.#loaded;
  }

  readonly #interrupted = (error: unknown): never => {
    const { signal } = this.#watched;
    throw signal?.aborted === true && error === signal.reason ? new Interrupted() : error;
  };

  dispose(): void {
    this.#loaded?.train.dispose();
    this.#loaded?.test.dispose();
    this.#loaded = null;
  }
}

/** What a record says of the data. */
export function dataRecord({ dataset }: LoadedData): RunRecord["data"] {
  const { name, digest, verified, source, provenance, notes = [], train, test, classNames } = dataset;
  return {
    name,
    digest,
    verified,
    source,
    notes: [...(provenance === null ? [] : [provenance]), ...notes],
    numTrain: train.count,
    numTest: test.count,
    classNames: [...classNames],
  };
}

/** @throws CoppiceError E_CONFIG when the data are not those the run was made with. */
export function checkSameData(run: RunRecord, { dataset }: LoadedData, where: string): void {
  if (dataset.digest === run.data.digest) return;
  throw new CoppiceError("E_CONFIG", `${where}: expected data of digest ${run.data.digest}, got ${dataset.digest}`, {
    hint: `the run was made with ${run.data.name} from ${run.data.source}; name the same data with --data-folder`,
  });
}

/** One part of the training images, in the split's order. */
export function part(
  loaded: LoadedData,
  split: SplitManifest,
  name: "train" | "validation" | "forget" | "retain" | "withheld",
): ImageSubset {
  return loaded.train.subset(split.indices[name] ?? [], `${name} part of the split`);
}

export function testPart(loaded: LoadedData, split: SplitManifest): ImageSubset {
  return loaded.test.subset(split.indices.test, "test part of the split");
}
