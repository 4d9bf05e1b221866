/**
 * Retraining from scratch on the retained data: exact unlearning, and the baseline that other methods are compared with.
 *
 *   min_θ  CE(θ; D_r)   from a new initialisation, trained as the original was
 *   form exact: trained, pruned and trained on under the new mask, all on D_r, by the pruned original's own procedure
 *   sam above 0: gradients taken at θ + ε, ‖ε‖ set by ρ = sam (../train/sharpness-aware.ts)
 *
 * Symbols    D_r retained data
 * Source     Jia et al., NeurIPS 2023, arXiv:2304.04934; Foret et al., ICLR 2021, arXiv:2010.01412, and Kwon et al., ICML 2021,
 *            arXiv:2102.11600, for sam
 * Reference  OPTML-Group/Unlearn-Sparse@80ba55d unlearn/retrain.py, unlearn/retrain_sam.py
 * Differs    epochs, rate and schedule are the original's own (the reference: 160 epochs at rate 0.1, milestones 91 and 136,
 *            against 182 for the original). Under a mask, `mask` keeps the one that was found with the forget data, as in the
 *            reference: that mask has seen them. `exact` finds one on D_r. With `sam` the optimiser is one for all epochs, at the
 *            schedule's rate; the reference makes a new one every epoch, momentum and all, at the rate of the original
 * Cost       as the original's training, less the forget data; `exact` as that and its pruning; with `sam` twice that
 */
import type { Model } from "../models/index.ts";
import { Mask } from "../prune/mask.ts";
import { type FitOptions, type Sharpness, sharpnessAware } from "../train/index.ts";
import { invariant } from "../util/errors.ts";
import { defineMethod, type MethodContext, type MethodResult, type StateStore, type TrainingRecipe } from "./method.ts";
import { sgdOptions, type SgdMethodOptions } from "./sgd-options.ts";
import { disposeAll } from "./tools/parameters.ts";
import { type Sharding, smallestSlice, trainShards } from "./tools/shards.ts";

export interface RetrainOptions extends Pick<SgdMethodOptions, "epochs" | "lr"> {
  readonly form: "mask" | "exact";
  /** ρ ≥ 0. */
  readonly sam: number;
  readonly samForm: "adaptive" | "plain";
}

export const retrain = defineMethod<RetrainOptions>({
  name: "retrain",
  title: "Retrain",
  description:
    "trains a new model on the retained data as the original was trained; exact, and the baseline of every evaluation",
  source: "Jia et al., NeurIPS 2023, arXiv:2304.04934",
  cost: "the original's training, twice that with sam",
  needs: { retain: true, forget: false, start: "fresh" },
  options: {
    ...(({ epochs, lr }) => ({ epochs, lr }))(
      sgdOptions({
        epochs: "original",
        lr: "original",
        source: "the original's own training: an oracle must differ in its data alone",
      }),
    ),
    form: {
      type: "choice",
      default: "mask",
      choices: ["mask", "exact"],
      description: "for a pruned original: train under its mask, or train and prune again on the retained data alone",
      source: "Jia et al., reference implementation: mask",
    },
    sam: {
      type: "number",
      default: 0,
      min: 0,
      description: "rho of sharpness-aware training; 0: none. Above 0 the model is not trained as the original was",
      source: "the original's own training is without; the reference's retrain_sam: 2",
    },
    samForm: {
      type: "choice",
      default: "adaptive",
      choices: ["adaptive", "plain"],
      description: "of sharpness-aware training: adaptive perturbs larger weights more, plain all weights alike",
      source: "reference unlearn/retrain_sam.py: adaptive; plain: Foret et al.",
    },
  },

  smallestSet: (sets) => (sets.sharding === null ? sets.retain : smallestSlice(sets, sets.sharding)),

  makesMask: ({ form }) => form === "exact",

  caution: (_, { sam }) =>
    sam === 0
      ? undefined
      : "With --sam it is not trained as the original was: what is compared with it differs from it in more than the data.",

  async run(context, options) {
    const { model, retain, trainer, original } = context;
    if (original.sharding !== null) return await retrainEnsemble(context, original.sharding, options);
    if (options.form === "exact") return await retrainAndPrune(context, options);
    const { epochs, lr } = options;
    const how = { epochs, ...original.recipe.fit(model.namedParameters(), epochs, lr) };
    await trainer.fit(retain, sharpnessAware(trainer, how, sharpnessOf(options)));
    return {};
  },
});

function sharpnessOf({ sam, samForm }: RetrainOptions): Sharpness {
  return { rho: sam, adaptive: samForm === "adaptive" };
}

/** Retrains an ensemble in shards and slices as it was trained; no slice that an earlier run has kept is used. */
async function retrainEnsemble(
  context: MethodContext,
  sharding: Sharding,
  options: RetrainOptions,
): Promise<MethodResult> {
  const { epochs, lr } = options;
  const { model, trainer, retain, fresh, snapshots, log } = context;
  const original = { ...context.original, slices: snapshots };
  const how = { epochs, lr, weights: "uniform", sharpness: sharpnessOf(options) } as const;
  return await trainShards({ model, trainer, retain, fresh, snapshots, log, original }, { ...sharding, ...how });
}

/** Trains, prunes and goes back as often as the original was pruned, and trains on. Nothing of the original is used. */
async function retrainAndPrune(context: MethodContext, options: RetrainOptions): Promise<MethodResult> {
  const { epochs, lr } = options;
  const { model, retain, trainer, snapshots } = context;
  const { recipe, pruning } = context.original;
  invariant(pruning, "form exact of a dense original");
  const { rounds, trainsFirst, rewindTo, from } = pruning;
  const rewindEpoch = rewindTo === "initial" ? 0 : rewindTo === "final" ? epochs : rewindTo;
  const under = { from, epochs: pruning.epochs, total: epochs, lr };
  const fit = async (how: FitOptions): Promise<void> => {
    await trainer.fit(retain, sharpnessAware(trainer, how, sharpnessOf(options)));
  };
  const keepWeights = (): void => snapshots.save("rewind", model.stateDict());
  if (rewindEpoch === 0 && !snapshots.has("rewind")) keepWeights();
  let mask: Mask | null = null;
  for (let round = 0; round < rounds; round++) {
    if (trainsFirst) {
      await fit({
        ...fitFrom(recipe, model, round === 0 ? { ...under, from: 0, epochs } : under),
        afterEpoch: (done) => void (round === 0 && done === rewindEpoch && keepWeights()),
      });
    }
    const name = `mask${round}`;
    if (!snapshots.has(name)) savePruned(snapshots, name, pruning.mask(model, retain, round, mask));
    if (!trainsFirst && rewindEpoch > 0) {
      // Initial weights were scored, but training under the mask starts from later ones.
      await fit(fitFrom(recipe, model, { ...under, from: 0, epochs: rewindEpoch }));
      if (!snapshots.has("rewind")) keepWeights();
    }
    mask?.dispose();
    mask = maskOf(snapshots, name);
    const weights = snapshots.load("rewind");
    model.loadStateDict(weights);
    disposeAll(weights);
    trainer.setMask(mask);
    mask.apply(model);
  }
  await fit(fitFrom(recipe, model, under));
  return mask === null ? {} : { mask };
}

/** Training by the recipe for `epochs` epochs, its schedule taken up after `from` of `total`. */
function fitFrom(
  recipe: TrainingRecipe,
  model: Model,
  { from, epochs, total, lr }: { from: number; epochs: number; total: number; lr: number },
): Pick<FitOptions, "epochs" | "optimizer" | "schedule"> {
  const { optimizer, schedule } = recipe.fit(model.namedParameters(), total, lr);
  return { epochs, optimizer, schedule: (epoch, step, steps) => schedule(epoch + from, step, steps) };
}

function savePruned(snapshots: StateStore, name: string, mask: Mask): void {
  const state = mask.toState();
  snapshots.save(name, state);
  disposeAll(state);
  mask.dispose();
}

function maskOf(snapshots: StateStore, name: string): Mask {
  const state = snapshots.load(name);
  const mask = Mask.fromState(state);
  disposeAll(state);
  invariant(mask, `no mask in ${name}`);
  return mask;
}
