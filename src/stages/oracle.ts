/** Retrain as `evaluate` compares with it: refused before anything is computed unless it is the Retrain of this model. */
import { type CompleteEvaluation, type EvaluateConfig, hasAllScores, type RunRecord } from "../record/index.ts";
import { checkSameSplit, type SplitManifest } from "../record/split.ts";
import { CoppiceError } from "../util/errors.ts";
import { canonicalJson } from "../util/hash.ts";
import { earlierEvaluation } from "./before.ts";
import { openParent, type Parent } from "./parent.ts";
import type { StageContext } from "./stage.ts";

/** Sparsities this close are the same. */
const SAME_SPARSITY = 0.01;

export interface Oracle {
  readonly run: Parent;
  /** Its own evaluation on the split, with all scores; null where it has none of the same weights. */
  readonly known: CompleteEvaluation | null;
}

/**
 * Opens the oracle that the settings name, if any.
 * @param run the model that is compared with it @param split what it is evaluated on
 * @throws CoppiceError E_CHECKPOINT when it is unfinished or damaged; E_CONFIG when it is no Retrain, of another split, or of another original
 */
export async function openOracle(
  config: EvaluateConfig,
  { run, split }: { readonly run: Parent; readonly split: SplitManifest },
  context: StageContext,
): Promise<Oracle | null> {
  const { oracle: path } = config;
  if (path === undefined) return null;
  const oracle = await openParent(path, { ...config, needed: split }, context);
  const { record, folder } = oracle;
  if (record.method?.name !== "retrain") {
    throw new CoppiceError(
      "E_CONFIG",
      `${path}: expected a run of method retrain as oracle, got ${record.method?.name ?? record.kind}`,
      { hint: "make one with `coppice forget --method retrain` and the same forget set" },
    );
  }
  checkSameSplit(split, folder.readSplit(), path);
  checkSameOriginal(run, oracle, path);
  const known = earlierEvaluation(oracle, split, config.oracleEvaluation);
  return { run: oracle, known: known !== null && hasAllScores(known) ? known : null };
}

/**
 * Retrain stands for what would have come of the model's own original, so it must have been made for that one. An oracle of another sparsity was
 * made from another run of that original; then how the original was trained must be the same.
 */
function checkSameOriginal(run: Parent, oracle: Parent, path: string): void {
  const [own, other] = [originalHash(run.record), originalHash(oracle.record)];
  if (own === other) return;
  const alikePruned = Math.abs(maskedShare(run.record) - maskedShare(oracle.record)) <= SAME_SPARSITY;
  const got =
    own !== undefined && other !== undefined && alikePruned
      ? `that of one of SHA-256 ${other.slice(0, 12)}`
      : differenceOf(run.original, oracle.original);
  if (got === undefined) return;
  const of = own === undefined ? "" : ` of SHA-256 ${own.slice(0, 12)}`;
  throw new CoppiceError("E_CONFIG", `${path}: expected the Retrain of the model's original${of}, got ${got}`, {
    hint: "make one with `coppice forget --method retrain` from the model that this one was made from, with the same forget set",
  });
}

/** Of the original's weights: the mask of a pruned one holds in what is made of it. */
function maskedShare({ mask }: RunRecord): number {
  return mask?.sparsity ?? 0;
}

/** Of the model that forgot, or would have; undefined in a record that does not tell it. */
function originalHash({ kind, parent, result }: RunRecord): string | undefined {
  return kind === "forget" ? parent?.modelSha256 : result?.modelSha256;
}

/** Settings without which another model comes out, by what a user calls them; where the data lie is none. */
function differenceOf(ours: Parent["original"], theirs: Parent["original"]): string | undefined {
  const named = {
    architecture: (of: Parent["original"]) => [of.arch, of.stem],
    recipe: (of: Parent["original"]) => [of.recipe, of.sharding ?? null],
    seed: (of: Parent["original"]) => of.seed,
  };
  const differs = Object.entries(named).find(([, of]) => canonicalJson(of(ours)) !== canonicalJson(of(theirs)));
  return differs === undefined ? undefined : `that of one of another ${differs[0]}`;
}
