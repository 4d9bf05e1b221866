/**
 * What is claimed of results.
 *
 * A *finding* is one claim, published or ours, set beside what came out here: the claim in a sentence, its published numbers with their source, ours with
 * their intervals and the number of seeds, and a verdict: reproduced, not reproduced, or not testable at this scale. Each is a file named after
 * what it claims, a constant of the type `Finding`, and a line in `registry.ts`. `verdict.ts` holds the rule by which intervals
 * over seeds decide; `judge-grid.ts` refuses a verdict without a finding's own rows and fitted originals; `finetune-cleanses-sparse.ts` and `error-follows-bound.ts` have separate rules.
 *
 * A *remark* is a sentence on a backdoor experiment that is not a claim: `nothing-to-cleanse.ts`, `attack-success-falls.ts`.
 *
 * Findings and remarks are judged when an experiment's record is put together, and stored in it; `report` only shows them.
 */
export type { BackdoorFinding, Finding, Judgement } from "./finding.ts";
export type { GridResults } from "./grid.ts";
export { type GridFinding, judgeGrid } from "./judge-grid.ts";
export { judgeBackdoorExperiment } from "./judge-backdoor-experiment.ts";
export { backdoorFindings, gridFindings, type GridFindingName, theoryFindings } from "./registry.ts";
