/** `openModel`: the model of a finished run, ready for images. */
import { type OpenModel, openModel as openStageModel, type OpenModelOptions } from "../stages/index.ts";
import { loadPlugin } from "./load-plugin.ts";
import { pathOf, type RunReference } from "./run.ts";

/**
 * Opens the model of a finished run; dispose of it, or take it with `using`.
 * @throws CoppiceError E_CHECKPOINT when the folder holds no run, or one that is not finished or was changed; E_CONFIG when the sparse engine is
 *   demanded and cannot run the model, or a definition that the run was made with is missing or has changed
 * @example
 * import { openModel, train } from "coppice";
 * import { zeros } from "coppice/torch";
 *
 * const data = { data: "embedded", numTrain: 200, numTest: 50 };
 * await train({ ...data, arch: "resnet20s", epochs: 1, batchSize: 64 }, "runs/original");
 * const model = await openModel("runs/original");
 * const logits = model.call(zeros([2, 3, 32, 32])); // [2, 10]
 * console.log(logits.shape);
 * model[Symbol.dispose]();
 */
export async function openModel(run: RunReference, options: OpenModelOptions = {}): Promise<OpenModel> {
  return await openStageModel(pathOf(run), { loadPlugin, ...options });
}
