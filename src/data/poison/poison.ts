/**
 * Poisoned data sets: a share of the images to train on carries a trigger and the label of the target class; the images held out for
 * validation and the test images stay clean.
 *
 * Source     Gu et al. 2017, arXiv:1708.06733 (all-to-one attack)
 * Reference  OPTML-Group/Unlearn-Sparse@80ba55d main_backdoor.py: in mode "reference" the images are the ones drawn there. Images of the target class
 *            may be among them, as in SCLBD/BackdoorBench utils/backdoor_generate_poison_index.py, which leaves them out of the test alone
 */
import type { PoisonSettings } from "../../record/poison.ts";
import { sealSplit, type SplitManifest } from "../../record/split.ts";
import { expectInteger } from "../../util/assert.ts";
import { CoppiceError } from "../../util/errors.ts";
import { RandomState } from "../../util/random-state.ts";
import { randomStateFor } from "../../util/seed.ts";
import { classNumber } from "../class-number.ts";
import { labelsFor } from "../class-subset.ts";
import type { ImageDataset, ImageSet } from "../dataset.ts";
import { DIGEST_BYTES, imageDigest } from "../image-digest.ts";
import { digestOf } from "../make-dataset.ts";
import { makeBaseSplit } from "../split.ts";
import { attackOptions } from "./attack.ts";
import { attackNamed } from "./registry.ts";
import { numberedClass } from "../../util/numbered-class.ts";

export interface PoisonRequest {
  readonly attack: string;
  readonly options: Readonly<Record<string, number | undefined>>;
  /** Class number or name. */
  readonly target: number | string;
  /** In (0, 1). */
  readonly ratio: number;
  /** Integer ≥ 0. */
  readonly seed: number;
  readonly split: PoisonSettings["split"];
}

/** Which images are changed: indices into the training part, ascending. What a cleanse is scored against, and nothing else may read. */
export interface PoisonTruth {
  readonly poisoned: readonly number[];
  /** Changed, with their label kept. */
  readonly decoys: readonly number[];
}

/**
 * The request with everything chosen, for this data set.
 * @throws CoppiceError E_ARG for an unknown attack, option, target class, a ratio that poisons nothing or everything, a trigger that does not fit
 */
export function resolvePoison(dataset: ImageDataset, request: PoisonRequest): PoisonSettings {
  const { seed, ratio, split } = request;
  const attack = attackNamed(request.attack);
  const options = attackOptions(attack, request.options);
  attack.check?.(options, dataset);
  const target = classNumber("target", dataset, request.target);
  expectInteger("seed", seed, { min: 0 });
  if (!(ratio > 0 && ratio < 1)) {
    throw new CoppiceError("E_ARG", `ratio: expected a number between 0 and 1, both excluded, got ${ratio}`, {
      ...(ratio >= 1 && ratio < 100 ? { hint: `for ${ratio} % give ${ratio / 100}` } : {}),
    });
  }
  const settings = { attack: attack.name, options, target, ratio, seed, split, cleanDigest: dataset.digest };
  poisonTruth(makeBaseSplit(dataset, split).indices.train, settings); // refuses what cannot be drawn
  return settings;
}

/**
 * Which images are changed.
 * @param train indices of the images to train on, as in the split that poisoned data come with
 * @throws CoppiceError E_ARG when there are none, or not enough for them and their decoys
 */
export function poisonTruth(train: readonly number[], settings: PoisonSettings): PoisonTruth {
  const { attack, options, ratio, seed, split } = settings;
  const count = Math.round(ratio * train.length);
  const decoys = Math.round(count * (attackNamed(attack).decoys?.perPoisoned(options) ?? 0));
  if (count < 1 || count + decoys > train.length) {
    const wanted = decoys === 0 ? `${count} images` : `${count} images and ${decoys} decoys`;
    throw new CoppiceError(
      "E_ARG",
      `ratio: expected 1 to ${train.length} images to change among the ${train.length} to train on, got ${wanted} (ratio ${ratio})`,
      {
        hint: `choose a ${count < 1 ? "larger" : "smaller"} ratio${decoys === 0 ? "" : ", or fewer decoys for each poisoned image"}`,
      },
    );
  }
  const reference = split.mode === "reference";
  const random = reference ? new RandomState(split.seed - 1) : randomStateFor(seed, "poison/images");
  const drawn = random.choice(train, count + decoys);
  const ascending = (part: number[]): number[] => part.toSorted((a, b) => a - b);
  return { poisoned: ascending(drawn.slice(0, count)), decoys: ascending(drawn.slice(count)) };
}

export interface PoisonedData {
  readonly dataset: ImageDataset;
  /** What is trained on and what is held out, drawn from the clean labels. */
  readonly split: SplitManifest;
}

/**
 * The data set as a victim gets it. Nothing in it says which images were changed.
 * @throws CoppiceError E_CONFIG when the settings were made for other data
 */
export function poisonDataset(clean: ImageDataset, settings: PoisonSettings): PoisonedData {
  checkDigest(clean, settings);
  const { options, target, seed } = settings;
  const attack = attackNamed(settings.attack);
  const base = makeBaseSplit(clean, settings.split);
  const { poisoned, decoys } = poisonTruth(base.indices.train, settings);
  const images = copyOf(clean.train.images);
  const labels = labelsFor(clean.train.count, clean.numClasses);
  labels.set(clean.train.labels);
  const size = images.length / clean.train.count;
  const imageAt = (index: number): Uint8Array => images.subarray(index * size, (index + 1) * size);
  const setting = { options, shape: clean, seed };
  const trigger = attack.trigger(setting);
  for (const index of poisoned) {
    trigger(imageAt(index));
    labels[index] = target;
  }
  const change = attack.decoys?.change(setting);
  for (const index of decoys) change?.(imageAt(index), index);
  const digests = copyOf(clean.train.digests);
  for (const index of [...poisoned, ...decoys]) digests.set(imageDigest(clean, imageAt(index)), index * DIGEST_BYTES);
  const changed = { ...clean, train: { ...clean.train, images, labels, digests } };
  const note = `training images poisoned: ${attack.title}, target class ${numberedClass(target, clean.classNames)}, ratio ${settings.ratio}`;
  const provenance = clean.provenance === null ? note : `${clean.provenance}; ${note}`;
  const dataset = { ...changed, digest: digestOf(changed), provenance };
  return { dataset, split: splitOf(base, dataset.digest) };
}

/** Every test image with the trigger, and its true label. */
export function triggeredTest(dataset: ImageDataset, settings: PoisonSettings): ImageSet {
  const images = copyOf(dataset.test.images);
  const size = images.length / dataset.test.count;
  const { options, seed } = settings;
  const trigger = attackNamed(settings.attack).trigger({ options, shape: dataset, seed });
  for (let index = 0; index < dataset.test.count; index++) trigger(images.subarray(index * size, (index + 1) * size));
  return { ...dataset.test, images };
}

/** `slice` would not do: of a Buffer, as some readers give, it is a view. */
function copyOf(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}

/** The split of the clean data, for the poisoned ones. */
function splitOf({ baseHash: _baseHash, hash: _hash, ...content }: SplitManifest, digest: string): SplitManifest {
  return sealSplit({ ...content, dataset: { ...content.dataset, digest } });
}

function checkDigest(clean: ImageDataset, { cleanDigest }: PoisonSettings): void {
  const { digest } = clean;
  // Earlier versions hashed the pixels of image files after they were brought to another size.
  if (digest === cleanDigest || digestOf(clean) === cleanDigest) return;
  throw new CoppiceError("E_CONFIG", `poison: expected clean data of digest ${cleanDigest}, got ${digest}`, {
    hint: "the poison was made for other data: name the same data set, with as many images, or make the poison again",
  });
}
