/** `forgotten`: what a run did with images that are asked about by id. */
import { type IdsFile, type IdStanding, standingsOf } from "../stages/index.ts";
import { pathOf, type RunReference } from "./run.ts";

/**
 * How each of `ids` stands in the run: forgotten, trained on, validation, test, left out, or unknown. It is told from the run's records alone: the data
 * may be gone.
 * @param ids or `{ file }`, a list as `forget` reads it, with `idColumn` and `where` as there
 * @throws CoppiceError E_CHECKPOINT when it is no run, was changed, or is of an earlier version
 * @example
 * import { forgotten, train } from "coppice";
 *
 * const original = await train({ data: "embedded", numTrain: 200, numTest: 50, arch: "resnet20s", epochs: 1, batchSize: 64 }, "runs/original");
 * console.log(forgotten(original, ["train/17", "test/3"]));
 */
export function forgotten(run: RunReference, ids: readonly string[] | IdsFile): IdStanding[] {
  return standingsOf(pathOf(run), ids);
}
