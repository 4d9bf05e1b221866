/** An evaluation that cannot be made again, because images to forget are gone since: it is not replaced by one that says less. */
import type { EvaluateConfig, EvaluationRecord } from "../record/index.ts";
import type { SplitManifest } from "../record/split.ts";
import { CoppiceError } from "../util/errors.ts";
import { earlierEvaluation } from "./before.ts";
import { presentForget } from "./data-context.ts";
import type { Oracle } from "./oracle.ts";
import type { Parent } from "./parent.ts";
import { showsSamples } from "./samples.ts";

interface Asked {
  readonly config: EvaluateConfig;
  readonly run: Parent;
  readonly split: SplitManifest;
  readonly oracle: Oracle | null;
}

/**
 * The evaluation of the same weights that the run has, where it is of more images to forget than are left and a new one would lose their scores, or the
 * comparison with Retrain. Samples go unless they are asked for. Undefined: nothing would be lost.
 * @throws CoppiceError E_CONFIG when an oracle is asked for with which it was not compared
 */
export function keptEvaluation(
  { config, run, split, oracle }: Asked,
  log: (message: string) => void,
): EvaluationRecord | undefined {
  const left = presentForget(run.loaded, split).length;
  if (config.out !== undefined || left === split.indices.forget.length) return undefined;
  const earlier = earlierEvaluation(run, split);
  const count = earlier?.metrics.UA?.count ?? 0;
  if (earlier === null || count <= left) return undefined;
  const asked = oracle?.run.record.result.modelSha256;
  const isComparable = asked === undefined ? earlier.oracle === undefined : oracle?.known?.metrics.UA.count === count;
  if (left === 0 && isComparable) return undefined; // all scores are known
  if (asked !== undefined && asked !== earlier.oracle?.modelSha256) {
    throw new CoppiceError(
      "E_CONFIG",
      `${run.folder.path}: expected the ${count} images to forget that its evaluation was made of, got ${left}`,
      { hint: "that evaluation is kept; one without the images that are gone is written with --out FOLDER" },
    );
  }
  const gone = count - left;
  log(`note: of the ${count} images to forget ${gone} are gone: the evaluation that was made of all of them is kept`);
  const data = { data: run.original.data, verified: run.record.data.verified };
  return showsSamples(config.withSamples, data) ? earlier : { ...earlier, samples: [] };
}
