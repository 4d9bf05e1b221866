/** A list that is a class is a class. */
import type { SplitManifest } from "../record/split.ts";
import type { Labels } from "./dataset.ts";

/**
 * The classes whose images these are: all images of them that are trained on, and no others. None where the images are no whole classes.
 * @param forget indices among those of `indices.train`, each once
 * @returns ascending
 */
export function wholeClasses(
  forget: readonly number[],
  { indices }: Pick<SplitManifest, "indices">,
  labels: Labels,
): number[] {
  const classes = new Set(forget.map((index) => labels[index] ?? -1));
  const ofThem = indices.train.filter((index) => classes.has(labels[index] ?? -1));
  return ofThem.length === forget.length ? [...classes].toSorted((a, b) => a - b) : [];
}
