/** Keeps a part of the retained images from a method, so that what it makes of them can be judged on images it did not learn from. */
import { sealSplit, type SplitManifest } from "../record/split.ts";
import { CoppiceError } from "../util/errors.ts";
import { randomStateFor } from "../util/seed.ts";
import type { SplitDataset } from "./split-dataset.ts";

/**
 * The split with `share` of the retained images of every class, rounded to nearest, in `withheld` instead of `retain`.
 * @param how share in (0, 1); seed an integer ≥ 0
 * @throws CoppiceError E_ARG for a share that withholds nothing or everything
 */
export function withholdRetained(
  split: SplitManifest,
  { train, numClasses }: SplitDataset,
  { share, seed }: { readonly share: number; readonly seed: number },
): SplitManifest {
  const { baseHash: _base, hash: _hash, ...content } = split;
  const { retain } = content.indices;
  const byClass: number[][] = Array.from({ length: numClasses }, () => []);
  for (const index of retain) byClass[train.labels[index] ?? -1]?.push(index);
  const random = randomStateFor(seed, "withhold");
  const wanted = share > 0 && share < 1 ? share : 0;
  const withheld = byClass
    .flatMap((members) => random.choice(members, Math.round(wanted * members.length)))
    .toSorted((a, b) => a - b);
  if (withheld.length === 0 || withheld.length === retain.length) {
    throw new CoppiceError(
      "E_ARG",
      `withhold: expected a share between 0 and 1 that leaves some of the ${retain.length} retained images and takes some, got ${share}`,
      { hint: "0.1 keeps a tenth of the retained images of every class for judging" },
    );
  }
  const kept = new Set(withheld);
  return sealSplit({
    ...content,
    indices: { ...content.indices, retain: retain.filter((index) => !kept.has(index)), withheld },
  });
}
