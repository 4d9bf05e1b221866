/** The findings by name, and by what they are judged on. */
import { decayingPenalty } from "./decaying-penalty.ts";
import { disparityFalls } from "./disparity-falls.ts";
import { errorFollowsBound } from "./error-follows-bound.ts";
import type { BackdoorFinding, Finding } from "./finding.ts";
import { finetuneCleansesSparse } from "./finetune-cleanses-sparse.ts";
import { finetuneUnlearnsSparse } from "./finetune-unlearns-sparse.ts";
import type { GridFinding } from "./judge-grid.ts";
import { l1CloseToRetrain } from "./l1-close-to-retrain.ts";
import { oneShotIsEnough } from "./one-shot-is-enough.ts";
import { sparserForgetsMore } from "./sparser-forgets-more.ts";
import { sparsityOrFit } from "./sparsity-or-fit.ts";

/** On the rows of a grid; a recipe names those that its grid is for. */
export const gridFindings = {
  "disparity-falls": disparityFalls,
  "finetune-unlearns-sparse": finetuneUnlearnsSparse,
  "l1-close-to-retrain": l1CloseToRetrain,
  "sparser-forgets-more": sparserForgetsMore,
  "one-shot-is-enough": oneShotIsEnough,
  "decaying-penalty": decayingPenalty,
  "sparsity-or-fit": sparsityOrFit,
} as const satisfies Record<string, GridFinding>;

export type GridFindingName = keyof typeof gridFindings;

/** On the cells of a backdoor experiment; all that it has cells for are judged. */
export const backdoorFindings = {
  "finetune-cleanses-sparse": finetuneCleansesSparse,
} as const satisfies Record<string, BackdoorFinding>;

/** On the correlations of `coppice theory`. */
export const theoryFindings = {
  "error-follows-bound": errorFollowsBound,
} as const satisfies Record<string, Finding<never>>;
