/** The stages of a transfer experiment as jobs: sources, what is made to forget, what is transferred. */
import { methodNamed, resolveOptions } from "../../unlearn/index.ts";
import { CoppiceError, invariant } from "../../util/errors.ts";
import type { TrainConfig } from "../../stages/config.ts";
import { givenRunJob } from "../../jobs/stage-jobs/given-job.ts";
import { forgetJob, type StageJob, trainJob, transferJob } from "../../jobs/stage-jobs/index.ts";
import { trainingRecipe } from "../../stages/recipe.ts";
import { openSource } from "../../stages/transfer/source-model.ts";
import { removals, RETRAIN, type TransferSpec } from "./transfer-spec.ts";

/** A transferred model: which classes its source has lost, and by what. */
export interface Cell {
  /** null where nothing was removed. */
  readonly method: string | null;
  /** Numbers of the source classes that were removed. */
  readonly removed: readonly number[];
  readonly seed: number;
  readonly forget: StageJob | null;
  readonly transfer: StageJob;
}

/** A specification with the jobs that give its sources. */
export interface PreparedTransfer extends TransferSpec {
  /** By seed. */
  readonly sources: ReadonlyMap<number, StageJob>;
}

/** @throws CoppiceError when the run that was given is not finished, was changed, or cannot be a source; E_ARG for options that a method cannot have */
export function prepareTransfer(spec: TransferSpec): PreparedTransfer {
  const { source, seeds } = spec;
  const given = "run" in source ? givenJob(source.run) : null;
  const jobOf = (seed: number): StageJob => {
    if ("train" in source) return trainJob(`seed ${seed}: source`, { ...source.train, seed });
    invariant(given, "a source is given or trained");
    return given;
  };
  const sources = new Map(seeds.map((seed) => [seed, jobOf(seed)]));
  for (const { train } of sources.values()) checkMethods(spec.methods, train);
  return { ...spec, sources };
}

/** @throws CoppiceError E_ARG for an option that a method does not have or cannot have so, E_CONFIG for one that leaves several networks */
function checkMethods(methods: TransferSpec["methods"], { recipe }: TrainConfig): void {
  for (const { method: name, options } of methods) {
    const method = methodNamed(name);
    if (method.needs.start === "member") {
      throw new CoppiceError(
        "E_CONFIG",
        `method ${name}: expected a method that leaves one network, got one that leaves an ensemble`,
        {
          hint: "only a single network has features to transfer: choose another with --method",
        },
      );
    }
    resolveOptions(name, method.options, options, { ...trainingRecipe(recipe), fit: 0 });
  }
}

export function sourceJob({ sources }: PreparedTransfer, seed: number): StageJob {
  const found = sources.get(seed);
  invariant(found, `no source of seed ${seed}`);
  return found;
}

function givenJob(path: string): StageJob {
  const { record } = openSource(path);
  if (record.kind !== "train" && record.kind !== "prune") {
    throw new CoppiceError(
      "E_CONFIG",
      `${path}: expected a source that was trained or pruned, got a run of kind ${record.kind}`,
      { hint: "classes are removed from a model that has not forgotten before" },
    );
  }
  return givenRunJob(path, record.kind, `source ${record.name}`);
}

/** The classes are removed from the source of the seed. */
export function removalJob(
  spec: PreparedTransfer,
  { method, options }: TransferSpec["methods"][number],
  removed: readonly number[],
  seed: number,
): StageJob {
  const source = sourceJob(spec, seed);
  return forgetJob(`seed ${seed}: ${method} without ${removed.length}`, source, {
    request: { kind: "class", classes: removed.toSorted((a, b) => a - b) },
    method,
    options,
    batchSize: spec.batchSize ?? source.train.recipe.batchSize,
    data: spec.sourceData,
    seed,
    device: spec.device,
  });
}

/** What comes of `from` on the target. @param validationFraction share of the target's training images that is held out */
export function targetJob(
  spec: Pick<TransferSpec, "target" | "probe" | "recipe" | "device">,
  from: StageJob,
  seed: number,
  validationFraction = 0,
): StageJob {
  const { target: data, probe, recipe, device } = spec;
  const config = { data, probe, recipe, validationFraction, seed, device };
  return transferJob(`${from.title}, transferred`, from, config);
}

/** @param order numbers of the source classes as they are removed */
export function transferCells(spec: PreparedTransfer, order: readonly number[]): Cell[] {
  return spec.seeds.flatMap((seed) => {
    const whole: Cell = {
      method: null,
      removed: [],
      seed,
      forget: null,
      transfer: targetJob(spec, sourceJob(spec, seed), seed),
    };
    const reduced = spec.methods.flatMap((row) =>
      removals(spec).map((count): Cell => {
        const removed = order.slice(0, count);
        const forget = removalJob(spec, row, removed, seed);
        return { method: row.method, removed, seed, forget, transfer: targetJob(spec, forget, seed) };
      }),
    );
    return [whole, ...reduced];
  });
}

/** What single classes are removed by to see what they are worth: a method of the experiment, Retrain only if there is no other. */
export function probeMethod({ methods }: TransferSpec): TransferSpec["methods"][number] {
  return methods.find(({ method }) => method !== RETRAIN) ?? methods[0] ?? { method: RETRAIN, options: {} };
}
