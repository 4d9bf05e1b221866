/** `forget`: the main job, with the defaults of the command line. */
import { checkKeys } from "./check-keys.ts";
import { type ForgetConfig, forgetDefaults, type RunRecord } from "../record/index.ts";
import { forgetStage, recipeOf, RunFolder } from "../stages/index.ts";
import { type Method, type MethodChoice, methodRegistry } from "../unlearn/index.ts";
import { defined } from "../util/defined.ts";
import type { OptionValues } from "../util/described-options.ts";
import { type ForgetSelection, requestOf, selectionNames } from "./forget-selection.ts";
import {
  callOptionNames,
  type CallOptions,
  pathOf,
  type Run,
  type RunReference,
  runIn,
  withCallOptions,
} from "./run.ts";
import { dataFileNames, dataFiles, type DataFilesOptions } from "./train.ts";

/** What is left out has the default of the command line. */
export interface ForgetOptions extends DataFilesOptions {
  /** Images a step. Default the original's. */
  readonly batchSize?: number | undefined;
  /** Seed of all random numbers, an integer >= 0. Default the model's. */
  readonly seed?: number | undefined;
  /** Seed of a random draw of the images to forget. Default the split's. */
  readonly forgetSeed?: number | undefined;
  /** Exact copies of what is forgotten are forgotten too, or taken out of validation and test. Default false. */
  readonly withCopies?: boolean | undefined;
  /** Images that are not in the data any more are forgotten too, or taken out of validation and test. Default false: the request must name them. */
  readonly withMissing?: boolean | undefined;
  /** How a pruned model is computed. Default `auto`. */
  readonly engine?: ForgetConfig["engine"] | undefined;
  /** Of activations on the sparse engine. Default `float32`. */
  readonly precision?: ForgetConfig["precision"] | undefined;
  /** `cpu` or `cuda`. Default `cpu`. */
  readonly device?: string | undefined;
}

/**
 * Makes the model of a run forget, and leaves the changed model in the new run folder `out`.
 * @param method a method's name, a method, or a method called with its options, as `l1Sparse({ gamma: 1e-4 })`
 * @throws CoppiceError for bad settings, selections or data, then `out` is untouched; Interrupted when asked to stop
 * @example
 * import { forget, train } from "coppice";
 * import { l1Sparse } from "coppice/unlearn";
 *
 * const data = { data: "embedded", numTrain: 200, numTest: 50 };
 * const original = await train({ ...data, arch: "resnet20s", epochs: 1, batchSize: 64 }, "runs/original");
 * const forgotten = await forget(original, { classes: [3] }, l1Sparse({ epochs: 1, gamma: 1e-4 }), "runs/forgotten");
 * console.log(forgotten.record.method);
 */
// oxlint-disable-next-line max-params -- whose, what, how and where; options come last as in every verb
export async function forget(
  model: RunReference,
  selection: ForgetSelection,
  method: string | Method | MethodChoice,
  out: string,
  options: ForgetOptions & CallOptions = {},
): Promise<Run> {
  checkKeys("forget", selection, selectionNames);
  checkKeys("forget", options, optionNames);
  return await withCallOptions(options, (context) => {
    const path = pathOf(model);
    const record = RunFolder.open(path).requireFinished();
    const config = forgetConfig({ path, record }, { selection, ...chosenMethod(method) }, options);
    return runIn(out, () => forgetStage(config, out, context));
  });
}

const optionNames: readonly (keyof (ForgetOptions & CallOptions))[] = [
  "batchSize",
  "seed",
  "forgetSeed",
  "withCopies",
  "withMissing",
  "engine",
  "precision",
  "device",
  ...dataFileNames,
  ...callOptionNames,
];

function chosenMethod(method: string | Method | MethodChoice): Pick<ForgetWhat, "method" | "options"> {
  if (typeof method === "string") return { method: methodRegistry.named(method).name, options: {} };
  if (!("method" in method)) return { method: methodRegistry.resolve(method).name, options: {} };
  return { method: methodRegistry.resolve(method.method).name, options: defined(method.options) as OptionValues };
}

interface ForgetWhat {
  readonly selection: ForgetSelection;
  readonly method: string;
  readonly options: OptionValues;
}

/**
 * The settings of a request to forget, with the defaults filled in.
 * @throws CoppiceError E_ARG unless exactly one field of the selection is there
 */
export function forgetConfig(
  { path, record }: { readonly path: string; readonly record: RunRecord },
  { selection, method, options }: ForgetWhat,
  settings: ForgetOptions,
): ForgetConfig {
  return {
    model: path,
    request: requestOf(selection),
    ...defined({
      forgetSeed: settings.forgetSeed,
      withCopies: settings.withCopies,
      withMissing: settings.withMissing,
    }),
    method,
    options,
    batchSize: settings.batchSize ?? recipeOf(record).batchSize,
    data: dataFiles(settings),
    seed: settings.seed ?? record.seed,
    engine: settings.engine ?? forgetDefaults.engine,
    precision: settings.precision ?? forgetDefaults.precision,
    device: settings.device ?? forgetDefaults.device,
  };
}
