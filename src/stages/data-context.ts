/** The data of a stage: loaded once a process, put on a device, cut by the split. */
import { type AbsentImages, alignDataset } from "../data/align.ts";
import { DeviceImages, type ImageSubset } from "../data/batches.ts";
import type { ImageDataset, LoadOptions } from "../data/dataset.ts";
import { type ListedDataset, packedKey, saltedKey, withoutImages } from "../data/listing.ts";
import { poisonDataset } from "../data/poison/index.ts";
import { datasetRegistry, loadDataset } from "../data/registry.ts";
import { Interrupted } from "../train/index.ts";
import type { RunRecord } from "../record/index.ts";
import type { Listing } from "../record/records.ts";
import type { SplitManifest } from "../record/split.ts";
import { CoppiceError } from "../util/errors.ts";
import { canonicalJson } from "../util/hash.ts";
import type { DataConfig } from "./config.ts";

/** Which images a run was made with, and what its classes are called, by label. */
export interface KnownImages {
  readonly listing: Listing;
  readonly classNames: readonly string[];
}

export interface LoadedData {
  readonly dataset: ImageDataset;
  readonly train: DeviceImages;
  readonly test: DeviceImages;
  /** Of poisoned data: what is trained on and what stays clean for validation. Else each training draws its own. */
  readonly split?: SplitManifest;
  /** The data before they are poisoned. Absent where no run may be listed: while options are searched without the test part. */
  readonly listed?: ListedDataset;
  /** Images of a run that are gone. Absent: none, or the data are no run's. */
  readonly absent?: AbsentImages;
  /** How many images have come since the run was made; they are left out. Absent: 0. */
  readonly added?: number;
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
  /** Whether what is loaded are the data as they are, and not as a run knows them. */
  #isPlain = true;

  /** @param watched is told how far long readings are, and stops them */
  constructor(watched: Pick<LoadOptions, "onProgress" | "signal"> = {}) {
    this.#watched = watched;
  }

  /**
   * @param known of the run that the data are for: its images in its order, whatever has been moved, added or deleted since. Absent: the data as they are
   * @throws CoppiceError E_DATA when the data are missing, damaged or not the published ones, Interrupted when asked to stop
   */
  async load(
    config: DataConfig,
    device: string,
    log: (message: string) => void,
    known?: KnownImages,
  ): Promise<LoadedData> {
    const key = canonicalJson([config, device]);
    const held = this.#loaded;
    const serves = known === undefined ? this.#isPlain : held?.listed?.digest === known.listing.dataset.digest;
    if (held !== null && key === this.#key && serves) return held;
    this.dispose();
    const options = { ...this.#watched, log };
    const { isPlain, dataset: clean, ...gone } = await loadClean(config, options, known).catch(this.#interrupted);
    const { poison } = config;
    const { dataset, ...given } = poison === undefined ? { dataset: clean } : poisonDataset(clean, poison);
    const train = new DeviceImages(dataset.train, dataset, device);
    const test = new DeviceImages(dataset.test, dataset, device);
    this.#loaded = { dataset, train, test, listed: withoutImages(clean), ...given, ...gone };
    this.#key = key;
    this.#isPlain = isPlain;
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

interface CleanData extends Pick<LoadedData, "dataset" | "absent" | "added"> {
  /** Whether without a run the same would have been loaded. */
  readonly isPlain: boolean;
}

async function loadClean(
  { name, poison: _poison, ...options }: DataConfig,
  told: Pick<LoadOptions, "log" | "onProgress" | "signal">,
  known: KnownImages | undefined,
): Promise<CleanData> {
  if (known === undefined) return { dataset: await loadDataset(name, { ...options, ...told }), isPlain: true };
  const { listing, classNames } = known;
  // The first images of a folder, and the numbers of its classes, are others when files come and go.
  const { numTrain, numTest, classes, ...where } = options;
  const isNumbered = datasetRegistry.named(name).numbered === true;
  const listed = onlyListed(listing);
  const dataset = await loadDataset(name, { ...(isNumbered ? options : { ...where, only: listed.only }), ...told });
  // Of chosen classes and first images, the others were there before as well.
  const isWhole = classes === undefined && numTrain === undefined && numTest === undefined;
  const others = isWhole ? listed.others() : 0;
  if (dataset.digest === listing.dataset.digest) {
    return { dataset, added: others, isPlain: isNumbered || (isWhole && others === 0) };
  }
  const aligned = alignDataset(dataset, listing, classNames);
  return { ...aligned, added: others + (isWhole ? aligned.added : 0), isPlain: false };
}

/** Tells the images of a listing from others, and how many others it was asked about. */
function onlyListed({ salt, train, test }: Listing): { only: NonNullable<LoadOptions["only"]>; others: () => number } {
  const keysOf = ({ keys, count }: Listing["train"]): Set<string> =>
    new Set(Array.from({ length: count }, (_, index) => packedKey(keys, index)));
  const keys = { train: keysOf(train), test: keysOf(test) };
  let others = 0;
  const only = (part: "train" | "test", id: string): boolean => {
    const isListed = keys[part].has(packedKey(saltedKey(salt, id), 0));
    if (!isListed) others++;
    return isListed;
  };
  return { only, others: () => others };
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

/** One part of the training images, in the split's order; of the images to forget only those that are still there. @throws CoppiceError E_DATA where it is empty, or others are gone */
export function part(
  loaded: LoadedData,
  split: SplitManifest,
  name: "train" | "validation" | "forget" | "retain" | "withheld",
): ImageSubset {
  const indices = name === "forget" ? presentForget(loaded, split) : (split.indices[name] ?? []);
  return loaded.train.subset(present(indices, loaded.absent?.train, name), `${name} part of the split`);
}

export function testPart(loaded: LoadedData, split: SplitManifest): ImageSubset {
  return loaded.test.subset(present(split.indices.test, loaded.absent?.test, "test"), "test part of the split");
}

/** The images to forget that are still there: methods and measurements that read them get no others. */
export function presentForget({ absent }: Pick<LoadedData, "absent">, { indices }: SplitManifest): readonly number[] {
  return absent === undefined ? indices.forget : indices.forget.filter((index) => !absent.train.has(index));
}

function present(
  indices: readonly number[],
  absent: ReadonlyMap<number, unknown> | undefined,
  name: string,
): readonly number[] {
  const gone = absent === undefined ? 0 : indices.filter((index) => absent.has(index)).length;
  if (gone === 0) return indices;
  throw new CoppiceError(
    "E_DATA",
    `${name} part of the split: expected images that are there, got ${gone} of ${indices.length} that are gone`,
    {
      hint: "restore them: only images that the run has forgotten may be gone",
    },
  );
}
