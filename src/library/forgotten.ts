/** `forgotten`: what a run did with images that are asked about by id. */
import { type IdStanding, standingsOf } from "../stages/index.ts";
import { pathOf, type RunReference } from "./run.ts";

/**
 * How each of `ids` stands in the run: forgotten, trained on, validation, test, left out, or unknown. It is told from the run's records alone: the data
 * may be gone.
 * @throws CoppiceError E_CHECKPOINT when it is no run, was changed, or is of an earlier version
 * @example
 * import { forgotten, train } from "coppice";
 *
 * const original = await train({ data: "embedded", numTrain: 200, numTest: 50, arch: "resnet20s", epochs: 1, batchSize: 64 }, "runs/original");
 * console.log(forgotten(original, ["train/17", "test/3"]));
 */
export function forgotten(run: RunReference, ids: readonly string[]): IdStanding[] {
  return standingsOf(pathOf(run), ids);
}
