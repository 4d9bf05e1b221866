/** What a request to forget comes to, for who is asked before it is carried out. */
import { describeRequest, type SplitManifest } from "../record/split.ts";
import { numberedClass } from "../util/numbered-class.ts";
import type { LoadedData } from "./data-context.ts";

export interface ForgetSetSummary {
  /** Training images to forget. */
  readonly count: number;
  /** Training images in all. */
  readonly of: number;
  /** How they were chosen, as the record has it. */
  readonly scenario: string;
  /** Of each class that loses images, by number. */
  readonly classes: readonly { readonly name: string; readonly count: number; readonly of: number }[];
  /** Ids of the first images, three at most. */
  readonly first: readonly string[];
}

const FIRST = 3;

export function forgetSetOf({
  parent,
  split,
}: {
  readonly parent: { readonly loaded: Pick<LoadedData, "dataset"> };
  readonly split: SplitManifest;
}): ForgetSetSummary {
  const { classNames, train } = parent.loaded.dataset;
  const { forget, train: trained } = split.indices;
  const countsOf = (indices: readonly number[]): Map<number, number> => {
    const counts = new Map<number, number>();
    for (const index of indices) {
      const label = train.labels[index] ?? -1;
      counts.set(label, (counts.get(label) ?? 0) + 1);
    }
    return counts;
  };
  const all = countsOf(trained);
  return {
    count: forget.length,
    of: trained.length,
    scenario: describeRequest(split, classNames),
    classes: [...countsOf(forget)]
      .toSorted(([a], [b]) => a - b)
      .map(([label, count]) => ({ name: numberedClass(label, classNames), count, of: all.get(label) ?? 0 })),
    first: forget.slice(0, FIRST).map((index) => train.ids(index)),
  };
}
