/**
 * What is run by each of two programs whose numbers are compared: this folder's files named `…-steps.ts` and the grids beside them are
 * the one place to change where commands, recipes or flags change. Small enough for two cores and a few minutes. Every engine is named,
 * because `auto` goes by measured time.
 */
import { backdoorSteps } from "./backdoor-steps.ts";
import { evaluationSteps } from "./evaluation-steps.ts";
import { experimentSteps } from "./experiment-steps.ts";
import { forgetSteps } from "./forget-steps.ts";
import { modelSteps } from "./model-steps.ts";
import type { Step } from "./step.ts";

export interface Machine {
  /** Names of the program's unlearning methods. */
  readonly methods: readonly string[];
  /** Whether its processor multiplies in bf16. */
  readonly bf16: boolean;
  /** Folder of a CIFAR-10 of drawn images. */
  readonly drawn: string;
}

/** All steps, none before what it needs. */
export function stepsFor(machine: Machine): Step[] {
  return [...modelSteps, ...forgetSteps(machine), ...evaluationSteps, ...backdoorSteps, ...experimentSteps(machine)];
}
