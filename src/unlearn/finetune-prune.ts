/**
 * Gradual pruning while fine-tuning: before every second epoch a share of the smallest convolution weights is removed, until the sparsity is reached.
 *
 *   min_θ CE(θ; D_r) from θ_o;   before n epochs  1 - (1 - s)^(1/n)  of the weights that are left, all layers ranked together, n = ⌊(T - 1) / 2⌋ + 1
 *
 * Symbols    θ_o original · D_r retained data · s sparsity · T epochs
 * Source     Jia et al., NeurIPS 2023, arXiv:2304.04934 (code only); Zhu and Gupta 2017, arXiv:1710.01878, for gradual pruning
 * Reference  OPTML-Group/Unlearn-Sparse@80ba55d unlearn/FT.py, FT_prune_bi
 * Differs    `exact` (default) prunes before epochs 0, 2, 4, …, so that s is reached, by the weights as they are. `reference` prunes before the epochs
 *            from which an even number is left, so that for odd T one pruning is missing; the first pruning ranks the weights as they are, later
 *            ones as they were one step earlier. What is pruned here counts from what the original's mask has left.
 * Cost       as fine-tuning
 */
import type { Model } from "../models/index.ts";
import { constant, sgd } from "../optim/index.ts";
import { globalMask, Mask, prunableWeights, roundHalfEven } from "../prune/index.ts";
import { keep, noGrad, scope, type Tensor } from "../torch/index.ts";
import { defineMethod } from "./method.ts";
import { sgdOptions, type SgdMethodOptions } from "./sgd-options.ts";
import { type ByParameter, disposeAll, countZeros } from "./tools/parameters.ts";

export interface FinetunePruneOptions extends SgdMethodOptions {
  /** s, of the original's nonzero weights, in [0, 1). */
  readonly sparsity: number;
  readonly variant: "exact" | "reference";
}

export const finetunePrune = defineMethod<FinetunePruneOptions>({
  name: "finetune-prune",
  title: "Fine-tuning with gradual pruning (FT_prune_bi)",
  description: "fine-tunes on the retained data and prunes the smallest convolution weights before every second epoch",
  source: "Jia et al., NeurIPS 2023, arXiv:2304.04934 (reference code)",
  cost: "epochs passes over the retained data",
  needs: { retain: true, forget: false, start: "original" },
  options: {
    ...sgdOptions({ epochs: 10, lr: 0.01, source: "as fine-tuning" }),
    sparsity: {
      type: "number",
      default: 0.95,
      min: 0,
      max: 0.9999,
      description: "share of the original's nonzero convolution weights that is removed in all",
      source: "reference --rate 0.95",
    },
    variant: {
      type: "choice",
      default: "exact",
      choices: ["exact", "reference"],
      description: "exact reaches the sparsity for every number of epochs; reference prunes as the published code does",
      source: "reference: unlearn/FT.py",
    },
  },

  async run({ model, mask, retain, trainer, snapshots }, options) {
    const { epochs, lr, momentum, weightDecay, sparsity } = options;
    const weights = prunableWeights(model);
    const optimizer = sgd(model.namedParameters(), { lr, momentum, weightDecay });
    const rate = 1 - (1 - sparsity) ** (1 / (Math.floor((epochs - 1) / 2) + 1));
    const lastStep = trainer.batchesOf(retain.count).steps - 1;
    for (let epoch = 0; epoch < epochs; epoch++) {
      if (prunesBefore(epoch, options)) {
        const ranked = ranksEarlier(epoch, options) ? snapshots.load(snapshotName(epoch)) : undefined;
        trainer.work(() => pruneSmallest(model, rate, ranked));
        if (ranked !== undefined) disposeAll(ranked);
      }
      let living: ByParameter | undefined;
      await trainer.fit(retain, {
        epochs: 1,
        optimizer,
        schedule: constant({ lr }),
        afterBackward: ({ step }) => {
          // Taken here and not before, since a resumed run has its weights from the checkpoint only now.
          living ??= liveEntries(weights);
          if (step === lastStep && ranksEarlier(epoch + 1, options)) snapshots.save(snapshotName(epoch + 1), weights);
        },
        afterStep: () => noGrad(() => scope(() => living?.forEach((kept, name) => weights.get(name)?.mul_(kept)))),
        describeEpoch: () => ({ zeros: countZeros(model) }),
      });
      if (living !== undefined) disposeAll(living);
    }
    return { mask: maskOf(model, mask), exactZeros: countZeros(model) };
  },
});

/** Whether there is a pruning before that epoch, from 0. */
function prunesBefore(epoch: number, { epochs, variant }: FinetunePruneOptions): boolean {
  return epoch < epochs && (variant === "reference" ? epochs - epoch : epoch) % 2 === 0;
}

/** Whether that pruning ranks weights as they were before the last step: in the published code every pruning but the first. */
function ranksEarlier(epoch: number, options: FinetunePruneOptions): boolean {
  return options.variant === "reference" && epoch >= 2 && prunesBefore(epoch, options);
}

/** Of the weights that are ranked before `epoch`: a run that is resumed between them and the pruning cannot compute them again. */
function snapshotName(epoch: number): string {
  return `ranked${epoch}`;
}

/**
 * Sets the smallest of the nonzero convolution weights to zero.
 * @param rate share of the nonzero weights, 0 to 1 @param ranked values whose magnitudes rank the weights; default the weights themselves
 */
export function pruneSmallest(model: Model, rate: number, ranked?: ByParameter): void {
  const mask = noGrad(() =>
    scope(() => {
      const weights = prunableWeights(model);
      // What is zero already ranks below everything that is not.
      const scores = new Map(
        [...weights].map(([name, weight]) => [
          name,
          (ranked?.get(name)?.to(weight.device) ?? weight).detach().abs().maskedFill(weight.detach().eq(0), -1),
        ]),
      );
      const total = [...weights.values()].reduce((sum, { numel }) => sum + numel, 0);
      const left = [...weights.values()].reduce((sum, weight) => sum + weight.countNonzero().item(), 0);
      return globalMask(scores, 1 - (left - roundHalfEven(rate * left)) / total);
    }),
  );
  mask.apply(model);
  mask.dispose();
}

function liveEntries(weights: ReadonlyMap<string, Tensor>): ByParameter {
  return noGrad(
    () =>
      new Map([...weights].map(([name, weight]) => [name, keep(scope(() => weight.detach().ne(0).to(weight.dtype)))])),
  );
}

/** Of the dense weights: what is not zero lives, in convolutions and wherever the original's mask reaches. */
function maskOf(model: Model, mask: Mask | null): Mask {
  const state = model.stateDict();
  const names = new Set([...prunableWeights(model).keys(), ...(mask?.names ?? [])]);
  return scope(() => Mask.of(new Map([...names].map((name) => [name, (state.get(name) as Tensor).detach()]))));
}
