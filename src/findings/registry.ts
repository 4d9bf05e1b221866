/** The published findings by name. */
import { decayingPenalty } from "./decaying-penalty.ts";
import { disparityFalls } from "./disparity-falls.ts";
import type { Finding } from "./finding.ts";
import { finetuneUnlearnsSparse } from "./finetune-unlearns-sparse.ts";
import { l1CloseToRetrain } from "./l1-close-to-retrain.ts";
import { oneShotIsEnough } from "./one-shot-is-enough.ts";
import { sparserForgetsMore } from "./sparser-forgets-more.ts";
import { sparsityOrFit } from "./sparsity-or-fit.ts";

export const findings = {
  "disparity-falls": disparityFalls,
  "finetune-unlearns-sparse": finetuneUnlearnsSparse,
  "l1-close-to-retrain": l1CloseToRetrain,
  "sparser-forgets-more": sparserForgetsMore,
  "one-shot-is-enough": oneShotIsEnough,
  "decaying-penalty": decayingPenalty,
  "sparsity-or-fit": sparsityOrFit,
} as const satisfies Record<string, Finding>;

export type FindingName = keyof typeof findings;
