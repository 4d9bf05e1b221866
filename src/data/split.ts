/**
 * Makes split manifests, in two steps, because a deployed model is trained before anybody asks it to forget: first what it is
 * trained on, later what it must forget of that.
 *
 * Source     Jia et al., NeurIPS 2023, arXiv:2304.04934, class-wise forgetting and random data forgetting
 * Reference  OPTML-Group/Unlearn-Sparse@80ba55d dataset.py and main_forget.py: mode "reference" repeats their draws
 * Differs    "reference" trains and forgets on the split of one seed (they train on seed 1 whatever the seed), marks nothing in the
 *            labels, and takes whole classes only; "standard" derives one seed a purpose and rounds the validation count of a class
 *            to nearest instead of down
 */
import { sealSplit, type SplitManifest } from "../record/split.ts";
import { expectChoice, expectInteger, expectRange } from "../util/assert.ts";
import { CoppiceError } from "../util/errors.ts";
import { RandomState } from "../util/random-state.ts";
import { randomStateFor } from "../util/seed.ts";
import type { ForgetRequest } from "../record/forget-request.ts";
import type { HeldOut } from "./forget-list/index.ts";
import { chooseForgetSet } from "./forget-set.ts";
import type { SplitDataset } from "./split-dataset.ts";

export interface BaseSplitOptions {
  /** Integer ≥ 0; in mode "reference" in [1, 2^32 - 1]. */
  readonly seed: number;
  /** Part of every class held out for validation, in [0, 1); default 0.1, as in the reference implementation. */
  readonly validationFraction?: number;
  readonly mode?: SplitManifest["mode"];
}

const REFERENCE_VALIDATION_FRACTION = 0.1;

/**
 * The split an original model is trained on: a part of every class for validation, the rest for training, nothing forgotten, the
 * whole test part for testing. Throws E_ARG for values out of range, E_CONFIG for what the reference implementation cannot do.
 */
export function makeBaseSplit(dataset: SplitDataset, options: BaseSplitOptions): SplitManifest {
  const { seed, validationFraction = REFERENCE_VALIDATION_FRACTION, mode = "standard" } = options;
  expectInteger("seed", seed, { min: 0 });
  expectRange("validationFraction", validationFraction, 0, 1, true);
  expectChoice("mode", mode, ["standard", "reference"]);
  if (mode === "reference") checkReference(seed, validationFraction);
  const random = mode === "reference" ? new RandomState(seed) : randomStateFor(seed, "validation");
  const round = mode === "reference" ? Math.floor : Math.round;
  const drawn = indicesByClass(dataset).flatMap((members) =>
    random.choice(members, round(validationFraction * members.length)),
  );
  const heldOut = new Set(drawn);
  const train = ascending(dataset.train.labels.length).filter((index) => !heldOut.has(index));
  if (train.length === 0) {
    throw new CoppiceError(
      "E_ARG",
      `validationFraction: expected images left to train on, got ${validationFraction}, which leaves none`,
    );
  }
  return sealSplit({
    format: "coppice-split",
    version: 1,
    dataset: {
      name: dataset.name,
      digest: dataset.digest,
      numTrain: dataset.train.labels.length,
      numTest: dataset.test.labels.length,
      numClasses: dataset.numClasses,
    },
    mode,
    seed,
    validationFraction,
    scenario: { kind: "none" },
    indices: {
      train,
      validation: drawn.toSorted((a, b) => a - b),
      forget: [],
      retain: train,
      test: ascending(dataset.test.labels.length),
    },
  });
}

export interface ForgetOptions {
  /** A list stays a list, even where it is all images of a class. Default false. */
  readonly asListed?: boolean;
  /** Seed of a random forget draw, integer ≥ 0; default: the seed of the base split. In mode "reference" it is that seed - 1, always. */
  readonly seed?: number;
}

/** A split with a forget set. */
export interface RequestedSplit {
  readonly split: SplitManifest;
  /** Images of the request that the model was not trained on, left out or passed over. */
  readonly untrained: HeldOut;
}

/** The split of requestSplit. */
export function withForgetSet(...task: Parameters<typeof requestSplit>): SplitManifest {
  return requestSplit(...task).split;
}

/**
 * The split of `base` with a forget set: same training images and `baseHash`. A class that is forgotten leaves the test set too.
 * Throws E_CONFIG when `base` belongs to other data, E_ARG or E_DATA when the request cannot be met (see chooseForgetSet).
 */
export function requestSplit(
  base: SplitManifest,
  request: ForgetRequest,
  dataset: SplitDataset,
  options: ForgetOptions = {},
): RequestedSplit {
  if (base.dataset.digest !== dataset.digest) {
    throw new CoppiceError("E_CONFIG", `split: expected data of digest ${base.dataset.digest}, got ${dataset.digest}`, {
      hint: `the split was made for ${base.dataset.name}; name that data set, unchanged`,
    });
  }
  const { seed, asListed = false } = options;
  const task = { base, request, dataset, asListed, seed: forgetSeed(base, seed) };
  const { forget, scenario, leftOut, untrained } = chooseForgetSet(task);
  const forgotten = new Set(forget);
  const gone = new Set(scenario.kind === "class" ? scenario.classes : []);
  const [unused, untested] = [new Set(leftOut.validation), new Set(leftOut.test)];
  const test = ascending(dataset.test.labels.length).filter(
    (index) => !gone.has(dataset.test.labels[index] ?? -1) && !untested.has(index),
  );
  const isHidden = dataset.test.labels.length === 0; // from a search for options, which has no test images
  if (!isHidden) checkTested(test, leftOut.test);
  const { baseHash: _baseHash, hash: _hash, ...content } = base;
  const split = sealSplit({
    ...content,
    scenario,
    indices: {
      train: base.indices.train,
      validation: base.indices.validation.filter((index) => !unused.has(index)),
      ...(leftOut.validation.length === 0 ? {} : { leftOut: leftOut.validation }),
      forget,
      retain: base.indices.train.filter((index) => !forgotten.has(index)),
      test,
    },
  });
  return { split, untrained };
}

/** Taking test images out must leave some. */
function checkTested(test: readonly number[], leftOut: readonly number[]): void {
  if (test.length > 0 || leftOut.length === 0) return;
  throw new CoppiceError("E_DATA", `alsoTest: expected test images to be left, got all ${leftOut.length} to take out`, {
    hint: "a model without test images cannot be evaluated: add other images to the test part first",
  });
}

function forgetSeed(base: SplitManifest, chosen: number | undefined): number {
  if (base.mode === "standard") return chosen ?? base.seed;
  const seed = base.seed - 1;
  if (chosen !== undefined && chosen !== seed) {
    throw new CoppiceError(
      "E_CONFIG",
      `forget seed: expected ${seed} (the split's seed - 1, as the reference implementation), got ${chosen}`,
      {
        hint: "leave the seed out, or make the split in mode standard",
      },
    );
  }
  return seed;
}

function checkReference(seed: number, validationFraction: number): void {
  if (seed === 0) {
    throw new CoppiceError("E_CONFIG", "seed: expected an integer >= 1 in mode reference, got 0", {
      hint: "the reference implementation draws the forget set with seed - 1, which NumPy refuses below 0; use seed 1, or mode standard",
    });
  }
  if (validationFraction !== REFERENCE_VALIDATION_FRACTION) {
    throw new CoppiceError(
      "E_CONFIG",
      `validationFraction: expected 0.1 in mode reference, got ${validationFraction}`,
      {
        hint: "the reference implementation holds out a tenth of every class; use mode standard for another part",
      },
    );
  }
}

function indicesByClass(dataset: SplitDataset): number[][] {
  const members: number[][] = Array.from({ length: dataset.numClasses }, () => []);
  dataset.train.labels.forEach((label, index) => members[label]?.push(index));
  return members;
}

function ascending(length: number): number[] {
  return Array.from({ length }, (_, index) => index);
}
