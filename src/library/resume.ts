/** `resume`: continues an interrupted run. */
import { resumeStage } from "../stages/index.ts";
import { defined } from "../util/defined.ts";
import { pathOf, type Run, type RunReference, runIn, type CallOptions, withCallOptions } from "./run.ts";

/** Beside what surrounds the call. */
export interface ResumeOptions {
  /** Where the data have moved to. Default: where the run found them. */
  readonly dataFolder?: string | undefined;
}

/**
 * Continues the run in the folder from its last checkpoint, with the same number of threads to the same bytes as if it had not been interrupted.
 * @throws CoppiceError E_CHECKPOINT when it is finished, in use, or no run; E_CONFIG when a definition that it was made with is missing or has changed
 * @example
 * import { resume, train } from "coppice";
 *
 * const options = { data: "embedded", numTrain: 200, numTest: 50, arch: "resnet20s", epochs: 2, batchSize: 64 };
 * const signal = AbortSignal.timeout(1);
 * await train(options, "runs/original", { signal }).catch(() => resume("runs/original"));
 */
export async function resume(
  run: RunReference,
  { dataFolder, ...call }: CallOptions & ResumeOptions = {},
): Promise<Run> {
  const path = pathOf(run);
  return await withCallOptions(call, (context) =>
    runIn(path, () => resumeStage(path, { ...context, ...defined({ dataFolder }) })),
  );
}
