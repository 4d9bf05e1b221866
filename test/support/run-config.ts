/** The record of an original, as far as commands read it. */
import { type RunRecord, trainDefaults } from "../../src/record/index.ts";
import { runRecord } from "../unit/report/made-up-records.ts";

/** Trained with these batches and this seed. */
export function originalRecord({ batchSize, seed }: { readonly batchSize: number; readonly seed: number }): RunRecord {
  const config = { ...trainDefaults, recipe: { ...trainDefaults.recipe, batchSize }, rewindEpoch: 8 };
  return { ...runRecord({ kind: "train", name: "original" }), seed, config };
}
