/** Lists of suspects that are worse than the truth, to see how much a cleanse depends on them. */
import { poisonTruth } from "./index.ts";
import type { PoisonSettings } from "../../record/poison.ts";
import { expectNonNegative, expectRange } from "../../util/assert.ts";
import { randomStateFor } from "../../util/seed.ts";

export interface SuspectQuality {
  /** Share of the poisoned images that is known, in (0, 1]. */
  readonly known: number;
  /** Clean images that are suspected too, as a multiple of all poisoned ones; at least 0. */
  readonly mixed: number;
  readonly seed: number;
}

/**
 * Indices of the suspects among `train`, ascending: with a larger share known more of the same, and as few clean ones as asked for.
 * @throws CoppiceError E_ARG for a share out of range
 */
export function suspectsOf(train: readonly number[], settings: PoisonSettings, quality: SuspectQuality): number[] {
  const { known, mixed, seed } = quality;
  expectRange("known", known, 0, 1);
  expectNonNegative("mixed", mixed);
  const { poisoned } = poisonTruth(train, settings);
  const bad = new Set(poisoned);
  const clean = train.filter((index) => !bad.has(index));
  const found = randomStateFor(seed, "suspects/known").choice(poisoned, poisoned.length);
  const wrong = randomStateFor(seed, "suspects/mixed").choice(clean, clean.length);
  return [
    ...found.slice(0, Math.max(1, Math.round(known * poisoned.length))),
    ...wrong.slice(0, Math.round(mixed * poisoned.length)),
  ].toSorted((a, b) => a - b);
}
