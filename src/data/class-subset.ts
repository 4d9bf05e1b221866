/** Some classes of a data set as a separate data set: one part to learn from, another to transfer to. */
import { defined } from "../util/defined.ts";
import { CoppiceError } from "../util/errors.ts";
import { numberedClass, numberedClasses } from "../util/numbered-class.ts";
import { classNumber } from "./class-number.ts";
import type { DatasetParts, Labels } from "./dataset.ts";
import { DIGEST_BYTES } from "./image-digest.ts";

/**
 * The numbers of the classes that a list names, in its order.
 * @param where what the list is for, for the error @param wanted numbers or names, see `classNumber`
 * @throws CoppiceError E_ARG for a class that there is not, or one named twice
 */
export function classNumbers(
  where: string,
  classNames: readonly string[],
  wanted: readonly (number | string)[],
): number[] {
  const numbers = wanted.map((name) => classNumber(where, { numClasses: classNames.length, classNames }, name));
  const twice = numbers.find((number, i) => numbers.indexOf(number) < i);
  if (twice === undefined) return numbers;
  throw new CoppiceError("E_ARG", `${where}: expected each class once, got ${numberedClass(twice, classNames)} twice`);
}

/**
 * Only the images of the `wanted` classes, in the order they had, with labels 0, 1, … in the order of the list. Image ids stay the same.
 * @throws CoppiceError E_ARG for fewer than two classes, one that there is not, or one named twice; E_DATA for a part without images of any of them
 */
export function keepClasses(parts: DatasetParts, wanted: readonly (number | string)[]): DatasetParts {
  const where = `${parts.name} classes`;
  if (wanted.length < 2) {
    throw new CoppiceError("E_ARG", `${where}: expected at least two to tell apart, got ${wanted.length}`, {
      hint: `the classes are ${parts.classNames.join(", ")}`,
    });
  }
  const numbers = classNumbers(where, parts.classNames, wanted);
  const classNames = numbers.map((number) => parts.classNames[number] ?? "");
  const part = (name: "train" | "test"): DatasetParts["train"] => keepLabels(parts[name], numbers, classNames, name);
  return { ...parts, classNames, train: part("train"), test: part("test") };
}

function keepLabels(
  set: DatasetParts["train"],
  numbers: readonly number[],
  classNames: readonly string[],
  name: string,
): DatasetParts["train"] {
  const newLabel = new Map(numbers.map((number, label) => [number, label]));
  const kept = [...set.labels.keys()].filter((index) => newLabel.has(set.labels[index] ?? -1));
  const labels = labelsFor(kept.length, classNames.length);
  const bytes = set.images.length / set.labels.length;
  const images = new Uint8Array(kept.length * bytes);
  kept.forEach((index, i) => {
    labels[i] = newLabel.get(set.labels[index] ?? -1) ?? 0;
    images.set(set.images.subarray(index * bytes, (index + 1) * bytes), i * bytes);
  });
  if (kept.length === 0) {
    const got = `none of ${numberedClasses(classNames)}`;
    throw new CoppiceError("E_DATA", `${name} part: expected images of the classes chosen, got ${got}`);
  }
  const { positions = (index: number): number => index } = set;
  return {
    images,
    labels,
    ids: (index) => set.ids(kept[index] ?? -1),
    positions: (index) => positions(kept[index] ?? -1),
    ...defined({ digests: set.digests && digestsAt(set.digests, kept) }),
  };
}

function digestsAt(digests: Uint8Array, indices: readonly number[]): Uint8Array {
  const chosen = new Uint8Array(indices.length * DIGEST_BYTES);
  indices.forEach((index, i) => {
    chosen.set(digests.subarray(index * DIGEST_BYTES, (index + 1) * DIGEST_BYTES), i * DIGEST_BYTES);
  });
  return chosen;
}

/** Room for `count` labels: a byte each where that is enough. */
export function labelsFor(count: number, numClasses: number): Labels {
  return numClasses <= 256 ? new Uint8Array(count) : new Uint16Array(count);
}
