/** Chooses the images to forget: whole classes, a random part, or the ones listed in a file. */
import type { SplitManifest, SplitScenario } from "../record/split.ts";
import { expectInteger } from "../util/assert.ts";
import { CoppiceError } from "../util/errors.ts";
import { RandomState } from "../util/random-state.ts";
import { randomStateFor } from "../util/seed.ts";
import { classNumber } from "./class-number.ts";
import { readForgetList } from "./forget-list.ts";
import type { SplitDataset } from "./split-dataset.ts";

/**
 * What is to be forgotten. `classes`: class numbers or names; `fraction` of the training images, in (0, 1); `count` of them;
 * `file`: CSV or JSON with indices or image ids (see readForgetList).
 */
export type ForgetRequest =
  | { readonly kind: "class"; readonly classes: readonly (number | string)[] }
  | { readonly kind: "random"; readonly fraction: number }
  | { readonly kind: "random"; readonly count: number }
  | { readonly kind: "ids"; readonly file: string };

export interface ForgetTask {
  readonly base: SplitManifest;
  readonly request: ForgetRequest;
  readonly dataset: SplitDataset;
  /** Seed of a random draw. */
  readonly seed: number;
}

/** Ascending indices into the data set's train part, and how they were chosen. */
export interface ForgetChoice {
  readonly forget: number[];
  readonly scenario: SplitScenario;
}

/**
 * Resolves a request among the training images of `base`. Throws E_ARG for classes, fractions and counts that do not exist or would
 * forget nothing or everything, E_DATA for lists that do.
 */
export function chooseForgetSet(task: ForgetTask): ForgetChoice {
  const { request } = task;
  switch (request.kind) {
    case "class":
      return forgetClasses(task, request.classes);
    case "random":
      return forgetRandom(task, request);
    case "ids":
      return forgetListed(task, request.file);
  }
}

/** `count` of the images in `train`, uniformly, ascending. Both modes take RandomState's choice; only the seeding differs. */
export function drawForgetSet(train: readonly number[], count: number, random: RandomState): number[] {
  return random.choice(train, count).toSorted((a, b) => a - b);
}

function forgetClasses({ base, dataset }: ForgetTask, wanted: readonly (number | string)[]): ForgetChoice {
  if (wanted.length === 0) throw new CoppiceError("E_ARG", "forget class: expected at least one class, got none");
  const classes = wanted.map((name) => classNumber("forget class", dataset, name)).toSorted((a, b) => a - b);
  const twice = classes.find((number, i) => classes[i - 1] === number);
  if (twice !== undefined)
    throw new CoppiceError("E_ARG", `forget class: expected each class once, got class ${twice} twice`);
  const isWanted = new Set(classes);
  const labels = dataset.train.labels;
  const forget = base.indices.train.filter((index) => isWanted.has(labels[index] ?? -1));
  const present = new Set(forget.map((index) => labels[index]));
  const absent = classes.find((number) => !present.has(number));
  if (absent !== undefined) {
    throw new CoppiceError(
      "E_ARG",
      `forget class: expected a class with training images, got ${absent}, which has none`,
    );
  }
  if (forget.length === base.indices.train.length) {
    throw new CoppiceError(
      "E_ARG",
      `forget class: expected a class to be left, got all of them (${classes.join(", ")})`,
    );
  }
  return { forget, scenario: { kind: "class", classes } };
}

function forgetRandom({ base, seed }: ForgetTask, request: { fraction: number } | { count: number }): ForgetChoice {
  const { train } = base.indices;
  const count = "count" in request ? request.count : countOf(request.fraction, train.length);
  expectInteger("forget count", count);
  if (count < 1 || count >= train.length) {
    const expected = `1 to ${train.length - 1} of the ${train.length} training images`;
    throw new CoppiceError("E_ARG", `forget count: expected ${expected}, got ${count}`);
  }
  const random = base.mode === "reference" ? new RandomState(seed) : randomStateFor(seed, "forget");
  const forget = drawForgetSet(train, count, random);
  return { forget, scenario: { kind: "random", count, fraction: count / train.length, seed } };
}

function countOf(fraction: number, size: number): number {
  if (fraction > 0 && fraction < 1) return Math.round(fraction * size);
  throw new CoppiceError(
    "E_ARG",
    `forget fraction: expected a number between 0 and 1, both excluded, got ${fraction}`,
    fraction > 1 && fraction < 100 ? { hint: `for ${fraction} % give ${fraction / 100}` } : {},
  );
}

function forgetListed({ base, dataset }: ForgetTask, file: string): ForgetChoice {
  const { indices, source, sha256 } = readForgetList(file, base, dataset);
  if (indices.length === base.indices.train.length) {
    throw new CoppiceError(
      "E_DATA",
      `${file}: expected images to be left to retain, got all ${indices.length} training images`,
      { hint: "list only the images that are to be forgotten; to forget everything, train a new model on other data" },
    );
  }
  return { forget: indices, scenario: { kind: "list", source, count: indices.length, sha256 } };
}
