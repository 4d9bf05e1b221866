/** `evaluate`: the scores of a run and their gaps to Retrain, with the defaults of the command line. */
import { checkKeys } from "./check-keys.ts";
import { type EvaluateConfig, evaluateDefaults, type EvaluationRecord } from "../record/index.ts";
import { evaluateStage } from "../stages/index.ts";
import { defined } from "../util/defined.ts";
import { pathOf, type RunReference, type CallOptions, withCallOptions } from "./run.ts";
import { dataFileNames, dataFiles, type DataFilesOptions } from "./train.ts";

/** What is left out has the default of the command line. */
export interface EvaluateOptions extends DataFilesOptions {
  /** A run of Retrain with the same forget set, for the gaps. Default: no gaps. */
  readonly oracle?: RunReference | undefined;
  /** A run whose forget set is used. Default the run's own. */
  readonly splitOf?: RunReference | undefined;
  /** Whether the record keeps some images to be forgotten, with their ids. Default: of built-in data sets only. */
  readonly withSamples?: boolean | undefined;
  /** How pruned models are computed. Default `auto`. */
  readonly engine?: EvaluateConfig["engine"] | undefined;
  /** `cpu` or `cuda`. Default `cpu`. */
  readonly device?: string | undefined;
}

/**
 * Measures what a run has forgotten and what that cost: UA, RA, TA, MIA and RTE. Of a run that forgets it writes `evaluation.json` into its folder.
 * @throws CoppiceError for data that differ, or an oracle of another forget set
 * @example
 * import { evaluate, forget, train } from "coppice";
 *
 * const data = { data: "embedded", numTrain: 200, numTest: 50 };
 * const original = await train({ ...data, arch: "resnet20s", epochs: 1, batchSize: 64 }, "runs/original");
 * const oracle = await forget(original, { classes: [3] }, "retrain", "runs/oracle");
 * const forgotten = await forget(original, { classes: [3] }, "gradient-ascent", "runs/forgotten");
 * const { metrics } = await evaluate(forgotten, { oracle });
 * console.log(metrics.UA?.value, metrics.UA?.gap);
 */
export async function evaluate(
  run: RunReference,
  options: EvaluateOptions = {},
  call: CallOptions = {},
): Promise<EvaluationRecord> {
  checkKeys("evaluate", options, optionNames);
  return await withCallOptions(call, (context) => evaluateStage(evaluateConfig(pathOf(run), options), context));
}

const optionNames: readonly (keyof EvaluateOptions)[] = [
  "oracle",
  "splitOf",
  "withSamples",
  "engine",
  "device",
  ...dataFileNames,
];

/** The settings of an evaluation, with the defaults filled in. */
export function evaluateConfig(model: string, options: EvaluateOptions): EvaluateConfig {
  const reference = (run: RunReference | undefined): string | undefined =>
    run === undefined ? undefined : pathOf(run);
  return {
    model,
    ...defined({
      oracle: reference(options.oracle),
      splitOf: reference(options.splitOf),
      withSamples: options.withSamples,
    }),
    data: dataFiles(options),
    device: options.device ?? evaluateDefaults.device,
    engine: options.engine ?? evaluateDefaults.engine,
  };
}
