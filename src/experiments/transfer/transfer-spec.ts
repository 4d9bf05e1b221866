/** What is removed from which source, and how what is left is transferred. */
import type { RankingKind } from "../../record/index.ts";
import { methodNamed, type OptionValues } from "../../unlearn/index.ts";
import { expectInteger } from "../../util/assert.ts";
import { CoppiceError } from "../../util/errors.ts";
import { classNumbers } from "../../data/class-subset.ts";
import type { DataConfig, TrainConfig } from "../../stages/config.ts";
import { checkTransferConfig, type TransferConfig } from "../../stages/transfer/transfer-config.ts";

export const RETRAIN = "retrain";

export interface TransferSpec extends Pick<TransferConfig, "probe" | "recipe" | "device"> {
  readonly name: string;
  /** A run of `train` or `prune`, the same for all seeds, or how to train one for each. */
  readonly source: { readonly run: string } | { readonly train: TrainConfig };
  /** Of the source, where it is not where it was. */
  readonly sourceData: Pick<DataConfig, "folder" | "allowUnverified">;
  readonly target: DataConfig;
  /** Source classes in the order in which they are removed, or what they are ranked by: those of the lowest value go first. */
  readonly drop: readonly (number | string)[] | RankingKind;
  /** How many are removed; 0 is always among them. */
  readonly counts: readonly number[];
  /** Unlearning methods with their options. Retrain among them is what the others are compared with. */
  readonly methods: readonly { readonly method: string; readonly options: OptionValues }[];
  /** Images a step of forgetting; default the source's. */
  readonly batchSize?: number;
  readonly seeds: readonly number[];
  readonly notes: readonly string[];
}

/** How many classes there are to remove, in ascending order, without 0. */
export function removals({ counts }: TransferSpec): number[] {
  return [...new Set(counts)].filter((count) => count > 0).toSorted((a, b) => a - b);
}

/**
 * Whatever can be refused is refused before anything is written.
 * @param classNames the source's
 * @throws CoppiceError E_ARG naming the setting, E_CONFIG for a probe that should augment
 */
export function checkTransferSpec(spec: TransferSpec, classNames: readonly string[]): void {
  const { drop, counts, methods, seeds, probe, recipe, device, target } = spec;
  checkTransferConfig({ data: target, probe, recipe, device, seed: seeds[0] ?? 0, validationFraction: 0 });
  if (seeds.length === 0) throw new CoppiceError("E_ARG", "seeds: expected at least one, got none");
  if (methods.length === 0) throw new CoppiceError("E_ARG", "method: expected at least one, got none");
  for (const { method } of methods) methodNamed(method);
  const most = removals(spec).at(-1) ?? 0;
  for (const count of counts) expectInteger("counts", count, { min: 0 });
  if (typeof drop !== "string") {
    const listed = classNumbers("drop-classes", classNames, drop).length;
    if (most > listed)
      throw new CoppiceError("E_ARG", `counts: expected at most ${listed}, the number of drop-classes, got ${most}`, {
        hint: "name more classes, or leave --counts out to remove all that are named",
      });
  }
  const left = classNames.length - most;
  if (left >= 2) return;
  throw new CoppiceError(
    "E_ARG",
    `${typeof drop === "string" ? "counts" : "drop-classes"}: expected at least two of the ${classNames.length} source classes to be left, got ${most} to remove`,
    { hint: `remove at most ${Math.max(0, classNames.length - 2)}: a source of one class has nothing to tell apart` },
  );
}
