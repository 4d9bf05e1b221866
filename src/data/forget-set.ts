/** Chooses the images to forget: whole classes, a random part, or the ones of a list. */
import type { ForgetRequest, ListRequest } from "../record/forget-request.ts";
import type { SplitManifest, SplitScenario } from "../record/split.ts";
import { expectInteger } from "../util/assert.ts";
import { defined } from "../util/defined.ts";
import { CoppiceError } from "../util/errors.ts";
import { numberedClass } from "../util/numbered-class.ts";
import { RandomState } from "../util/random-state.ts";
import { randomStateFor } from "../util/seed.ts";
import { classNumber } from "./class-number.ts";
import { type HeldOut, readForgetList } from "./forget-list/index.ts";
import type { SplitDataset } from "./split-dataset.ts";
import { wholeClasses } from "./whole-classes.ts";

export interface ForgetTask {
  readonly base: SplitManifest;
  readonly request: ForgetRequest;
  readonly dataset: SplitDataset;
  /** Seed of a random draw. */
  readonly seed: number;
  /** A list stays a list, even where it is all images of a class. Default false. */
  readonly asListed?: boolean;
}

/** Ascending indices into the data set's train part, and how they were chosen. */
export interface ForgetChoice {
  readonly forget: readonly number[];
  readonly scenario: SplitScenario;
  /** Images on which nobody is to be evaluated any more. */
  readonly leftOut: HeldOut;
  /** Images of the request that the model was not trained on, left out or passed over. */
  readonly untrained: HeldOut;
}

const nothing: HeldOut = { validation: [], test: [] };

/**
 * Resolves a request among the training images of `base`. Throws E_ARG for classes, fractions and counts that do not exist or would
 * forget nothing or everything, E_DATA for lists that do.
 */
export function chooseForgetSet(task: ForgetTask): ForgetChoice {
  const { request } = task;
  switch (request.kind) {
    case "class":
      return forgetClasses(task, request);
    case "random":
      return forgetRandom(task, request);
    case "ids":
    case "indices":
      return forgetListed(task, request);
  }
}

/** `count` of the images in `train`, uniformly, ascending. Both modes take RandomState's choice; only the seeding differs. */
export function drawForgetSet(train: readonly number[], count: number, random: RandomState): number[] {
  return random.choice(train, count).toSorted((a, b) => a - b);
}

function forgetClasses(
  { base, dataset }: ForgetTask,
  { classes: wanted, alsoTest = false }: Extract<ForgetRequest, { readonly kind: "class" }>,
): ForgetChoice {
  const classes = classesNamed(wanted, dataset);
  const named = (number: number): string => numberedClass(number, dataset.classNames);
  const { labels } = dataset.train;
  const ofClasses = (indices: readonly number[]): number[] =>
    indices.filter((index) => classes.includes(labels[index] ?? -1));
  const forget = ofClasses(base.indices.train);
  const present = new Set(forget.map((index) => labels[index]));
  const absent = classes.find((number) => !present.has(number));
  if (absent !== undefined) {
    const got = `${named(absent)}, which has none`;
    throw new CoppiceError("E_ARG", `classes: expected a class with training images, got ${got}`);
  }
  if (forget.length === base.indices.train.length) {
    const all = classes.map(named).join(", ");
    throw new CoppiceError("E_ARG", `classes: expected a class to be left, got all of them: ${all}`);
  }
  const leftOut = { validation: alsoTest ? ofClasses(base.indices.validation) : [], test: [] };
  const scenario = { kind: "class" as const, classes, ...leftOutCounts(leftOut, alsoTest) };
  return { forget, scenario, leftOut, untrained: leftOut };
}

/** Ascending. */
function classesNamed(wanted: readonly (number | string)[], dataset: SplitDataset): number[] {
  if (wanted.length === 0) throw new CoppiceError("E_ARG", "classes: expected at least one class, got none");
  if (wanted.some((name) => Number(name) === -1 && !dataset.classNames.includes(String(name)))) {
    throw new CoppiceError("E_ARG", "classes: expected classes, which are numbered from 0, got -1", {
      hint: "some tools take -1 for images of all classes: draw them with `random: 0.1` or `count: 4500`",
    });
  }
  const classes = wanted.map((name) => classNumber("classes", dataset, name)).toSorted((a, b) => a - b);
  const twice = classes.find((number, i) => classes[i - 1] === number);
  if (twice === undefined) return classes;
  const got = `${numberedClass(twice, dataset.classNames)} twice`;
  throw new CoppiceError("E_ARG", `classes: expected each class once, got ${got}`);
}

function leftOutCounts(
  { validation, test }: HeldOut,
  alsoTest: boolean,
): { readonly leftOut?: { validation: number; test: number } } {
  return alsoTest ? { leftOut: { validation: validation.length, test: test.length } } : {};
}

function forgetRandom({ base, seed }: ForgetTask, request: { fraction: number } | { count: number }): ForgetChoice {
  expectInteger("forgetSeed", seed, { min: 0 });
  const { train } = base.indices;
  const count = "count" in request ? request.count : countOf(request.fraction, train.length);
  expectInteger("count", count);
  if (count < 1 || count >= train.length) {
    const expected = `1 to ${train.length - 1} of the ${train.length} training images`;
    throw new CoppiceError("E_ARG", `count: expected ${expected}, got ${count}`);
  }
  const random = base.mode === "reference" ? new RandomState(seed) : randomStateFor(seed, "forget");
  const forget = drawForgetSet(train, count, random);
  const scenario = { kind: "random" as const, count, fraction: count / train.length, seed };
  return { forget, scenario, leftOut: nothing, untrained: nothing };
}

function countOf(fraction: number, size: number): number {
  const isFraction = fraction > 0 && fraction < 1;
  const count = Math.round(fraction * size);
  if (isFraction && count > 0 && count < size) return count;
  if (isFraction) {
    const got = `${fraction} of them, which is ${count === 0 ? "none" : "all"} when rounded`;
    throw new CoppiceError("E_ARG", `random: expected 1 to ${size - 1} of the ${size} training images, got ${got}`, {
      hint: "`count: 1` draws one image",
    });
  }
  throw new CoppiceError(
    "E_ARG",
    `random: expected a number between 0 and 1, both excluded, got ${fraction}`,
    defined({ hint: fractionHint(fraction) }),
  );
}

/** For who is used to percentages, numbers of images, or 0 for nothing. */
function fractionHint(fraction: number): string | undefined {
  if (fraction === 0) return "to forget nothing no run is needed; `random: 0.1` forgets a tenth of the training images";
  if (fraction === 1) return "to forget everything, train a new model on other data";
  const hints = [
    ...(fraction > 1 && fraction < 100 ? [`for ${fraction} % give \`random: ${fraction / 100}\``] : []),
    ...(fraction > 1 && Number.isInteger(fraction) ? [`for ${fraction} images give \`count: ${fraction}\``] : []),
  ];
  return hints.length === 0 ? undefined : hints.join("; ");
}

function forgetListed({ base, dataset, asListed = false }: ForgetTask, request: ListRequest): ForgetChoice {
  const { train, leftOut, untrained, ...about } = readForgetList(request, { base, dataset });
  if (train.length === base.indices.train.length) {
    const where = "file" in request ? request.file : request.kind;
    throw new CoppiceError(
      "E_DATA",
      `${where}: expected images to be left to retain, got all ${train.length} training images`,
      { hint: "list only the images that are to be forgotten; to forget everything, train a new model on other data" },
    );
  }
  const list = { ...about, count: train.length };
  const counts = leftOutCounts(leftOut, request.alsoTest === true);
  const classes = asListed ? [] : wholeClasses(train, base, dataset.train.labels);
  const scenario: SplitScenario =
    classes.length > 0 ? { kind: "class", classes, list, ...counts } : { kind: "list", ...list, ...counts };
  return { forget: train, scenario, leftOut, untrained };
}
