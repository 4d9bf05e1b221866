/** Data sets as splits see them: labels, ids and a digest, no images. */
import { sha256Hex } from "../../src/util/hash.ts";
import type { SplitDataset } from "../../src/data/split-dataset.ts";

/** Classes "zero", "one", …; ids "record-0", … and "test-0", …; every label below `numClasses`. */
export function splitDataset(
  trainLabels: readonly number[],
  testLabels: readonly number[],
  numClasses = 10,
): SplitDataset {
  const names = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
  return {
    name: "made-up",
    digest: sha256Hex(`${trainLabels.join()} ${testLabels.join()}`),
    numClasses,
    classNames: names.slice(0, numClasses),
    train: { labels: Uint8Array.from(trainLabels), ids: (index) => `record-${index}` },
    test: { labels: Uint8Array.from(testLabels), ids: (index) => `test-${index}` },
  };
}

/** `length` labels made by `rule`. */
export function labelsBy(length: number, rule: (index: number) => number): number[] {
  return Array.from({ length }, (_, index) => rule(index));
}
