/**
 * Adversarial neuron pruning: a mask is trained under adversarial perturbations of the normalisations; channels that are sensitive to them get
 * a small mask, are assumed to belong to the backdoor, and are pruned.
 *
 *   min over m in [0, 1]  a CE(m ⊙ γ, β; D_c) + (1 - a) max over |δ|, |ξ| ≤ ε  CE((m + δ) ⊙ γ, (1 + ξ) ⊙ β; D_c);   γ_k ← 0 where m_k ≤ t
 *
 * Symbols    γ, β weights and biases of all normalisations · m mask, one a channel · D_c clean held-out images · t threshold
 * Source     Wu and Wang, NeurIPS 2021, arXiv:2110.14430, algorithm 1
 * Reference  csdongxian/ANP_backdoor@85acbae optimize_mask_cifar.py: ε 0.4, a 0.2, one step of ε by the sign from a uniform start, 2,000 batches of 128,
 *            rate 0.2, momentum 0.9; prune_neuron_cifar.py: thresholds from 0 to 0.9 by 0.05, all of them shown
 * Differs    t is the largest at which the accuracy on D_c falls by no more than the tolerance; never by the attack's success, as in
 *            SCLBD/BackdoorBench@3f4b1a9 defense/anp.py, which takes the t of least success among those that change the test accuracy by less than a
 *            tenth of it; perturbations stay within ε, as the equation has it (the code's may reach 2 ε); batches come in stored order (there, drawn with
 *            replacement) and are neither cropped nor flipped (there, both)
 * Cost       three backward passes for each iteration
 */
import { crossEntropy } from "../nn/index.ts";
import { copyAll, disposeAll, type Generator, grad, noGrad, scope, type Tensor } from "../torch/index.ts";
import { defineMethod } from "./method.ts";
import { normalisedConvolutions, pruneWhileHarmless } from "./tools/channels.ts";
import { type Perturbation, MaskedNorm } from "./tools/masked-norm.ts";

interface AnpOptions {
  readonly iterations: number;
  /** ε. */
  readonly epsilon: number;
  /** a. */
  readonly alpha: number;
  readonly lr: number;
  readonly tolerance: number;
}

const source = "csdongxian/ANP_backdoor";
/** Thresholds that are tried: 0.05, 0.10, … 0.90; nothing is pruned below them. */
const thresholdStep = 0.05;
const steps = 18;
const batchSize = 128;

export const anp = defineMethod<AnpOptions>({
  name: "anp",
  title: "Adversarial neuron pruning (ANP)",
  description:
    "prunes channels that are sensitive to adversarial perturbations, as many as the accuracy on clean held-out images allows",
  source: "Wu and Wang, NeurIPS 2021, arXiv:2110.14430",
  cost: "three backward passes for each iteration, on held-out images",
  needs: { retain: false, forget: false, start: "original" },
  options: {
    iterations: {
      type: "integer",
      default: 2000,
      min: 1,
      max: 1_000_000,
      description: "batches of 128 that the mask is trained on",
      source,
    },
    epsilon: {
      type: "number",
      default: 0.4,
      min: 0,
      description: "largest perturbation of weights and biases, as a share of their values",
      source,
    },
    alpha: {
      type: "number",
      default: 0.2,
      min: 0,
      max: 1,
      description: "weight of the loss without perturbation",
      source,
    },
    lr: { type: "number", default: 0.2, min: 0, aboveMin: true, description: "learning rate of the mask", source },
    tolerance: {
      type: "number",
      default: 0.1,
      min: 0,
      max: 1,
      description: "how much accuracy on the held-out images may be lost, 0 to 1",
      source: "BackdoorBench config/defense/anp: acc_ratio, there a share of the accuracy",
    },
  },
  needsValidation: () => true,
  needsDense: () => "the normalisations of whole layers",

  async run({ model, validation, trainer, generator, log }, options) {
    const norms = normalisedConvolutions(model, "anp").map(({ norm }) => new MaskedNorm(norm));
    const statistics = copyAll(model.namedBuffers());
    // By the batch's own statistics: under the running ones, which do not move with the mask, half of the masks are zero within a few batches.
    model.train();
    const batches = trainer.batchesOf(validation.count, batchSize);
    for (let done = 0; done < options.iterations; done += batches.steps) {
      let left = options.iterations - done;
      const title = `training the mask, ${done} of ${options.iterations} done`;
      await trainer.pass(validation, title, batches, ({ images, labels }) => {
        if (left-- > 0) updateMasks(norms, () => crossEntropy(model.call(images), labels), options, generator);
      });
    }
    noGrad(() => {
      for (const [name, buffer] of model.namedBuffers()) buffer.copy_(statistics.get(name) as Tensor);
    });
    const step = trainer.work(() => {
      const apply = (at: number): void => {
        for (const norm of norms) norm.prune(at === 0 ? null : thresholdStep * at);
      };
      apply(0);
      return pruneWhileHarmless(model, validation, { steps, tolerance: options.tolerance, apply });
    });
    log(
      step === 0
        ? "anp: nothing pruned: the lowest threshold costs more accuracy than the tolerance"
        : `anp: channels with a mask of at most ${(thresholdStep * step).toFixed(2)} pruned`,
    );
    for (const norm of norms) norm[Symbol.dispose]();
    disposeAll(statistics);
    return {};
  },
});

/** One iteration: gradients without and with the adversarial perturbation, and an SGD step of the masks on both. */
export function updateMasks(
  norms: readonly MaskedNorm[],
  loss: () => Tensor,
  { epsilon, alpha, lr }: Pick<AnpOptions, "epsilon" | "alpha" | "lr">,
  generator: Generator,
): void {
  const gradients = (): Perturbation[] => {
    const parameters = norms.flatMap(({ norm }) => [norm.weight, norm.bias]);
    const all = grad([loss()], parameters);
    return norms.map((_, i) => ({ weight: all[2 * i] as Tensor, bias: all[2 * i + 1] as Tensor }));
  };
  const gradientsUnder = (perturbations: readonly Perturbation[] | null): Perturbation[] => {
    norms.forEach((norm, i) => norm.apply(perturbations?.[i] ?? null));
    return gradients();
  };
  scope(() => {
    const clean = gradientsUnder(null);
    const drawn = norms.map((norm) => norm.drawPerturbation(epsilon, generator));
    const ascent = gradientsUnder(drawn);
    const worst = norms.map((norm, i) => norm.perturb(drawn[i] as Perturbation, ascent[i] as Perturbation, epsilon));
    const perturbed = gradientsUnder(worst);
    norms.forEach((norm, i) => {
      const [ofClean, ofPerturbed] = [clean[i] as Perturbation, perturbed[i] as Perturbation];
      norm.updateMask(ofClean.weight.mul(alpha).add(ofPerturbed.weight.mul(1 - alpha)), lr);
    });
  });
}
