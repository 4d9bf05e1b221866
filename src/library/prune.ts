/** `prune`: a sparse model from a dense one, with the defaults of the command line. */
import { type Pruner, prunerRegistry } from "../prune/index.ts";
import { type PruneConfig, pruneDefaults } from "../record/index.ts";
import { pruneStage } from "../stages/index.ts";
import { defined } from "../util/defined.ts";
import { checkKeys } from "./check-keys.ts";
import { pathOf, type Run, type RunReference, runIn, type CallOptions, withCallOptions } from "./run.ts";
import { dataFileNames, dataFiles, type DataFilesOptions } from "./train.ts";

type Inherited = Omit<PruneConfig, "model" | "pruner" | "data" | "original" | "after">;

/** What is left out has the default of the command line. */
export interface PruneOptions
  extends DataFilesOptions, Partial<{ readonly [K in keyof Inherited]: Inherited[K] | undefined }> {
  /** A pruner by its name, or one of your own. Default `omp`. */
  readonly pruner?: string | Pruner | undefined;
}

/**
 * Prunes the model of a run: mask, back to the weights of an early epoch, and training under the mask, into the new run folder `out`.
 * @throws CoppiceError for bad settings, data or a model that cannot be pruned, then `out` is untouched; Interrupted when asked to stop
 * @example
 * import { prune, train } from "coppice";
 *
 * const data = { data: "embedded", numTrain: 200, numTest: 50 };
 * const original = await train({ ...data, arch: "resnet20s", epochs: 2, batchSize: 64 }, "runs/original");
 * const pruned = await prune(original, { sparsity: 0.9 }, "runs/pruned");
 * console.log(pruned.record.mask?.sparsity);
 */
export async function prune(
  model: RunReference,
  options: PruneOptions,
  out: string,
  call: CallOptions = {},
): Promise<Run> {
  checkKeys("prune", options, optionNames);
  return await withCallOptions(call, (context) => {
    return runIn(out, () => pruneStage(pruneConfig(pathOf(model), options), out, context));
  });
}

const optionNames: readonly (keyof PruneOptions)[] = [
  "pruner",
  "sparsity",
  "allocation",
  "flops",
  "rewind",
  "layers",
  "keepConnected",
  "rate",
  "epochs",
  "seed",
  "engine",
  "precision",
  "device",
  ...dataFileNames,
];

/** The settings of a pruning, with the defaults filled in. @throws CoppiceError E_ARG for an unknown pruner */
export function pruneConfig(model: string, options: PruneOptions): PruneConfig {
  const { flops, rewind, rate, epochs } = options;
  return {
    model,
    pruner: prunerRegistry.resolve(options.pruner ?? pruneDefaults.pruner).name,
    sparsity: options.sparsity ?? pruneDefaults.sparsity,
    allocation: options.allocation ?? pruneDefaults.allocation,
    ...defined({ flops, rewind }),
    layers: options.layers ?? pruneDefaults.layers,
    keepConnected: options.keepConnected ?? pruneDefaults.keepConnected,
    ...defined({ rate, epochs }),
    data: dataFiles(options),
    seed: options.seed ?? pruneDefaults.seed,
    engine: options.engine ?? pruneDefaults.engine,
    precision: options.precision ?? pruneDefaults.precision,
    device: options.device ?? pruneDefaults.device,
  };
}
