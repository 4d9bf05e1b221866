/** Metrics of a model that should have forgotten, and its evaluation by all of them. */
export { answersOf, type Guessing, guessing, sameAnswers } from "./answers.ts";
export { countCorrect, retainAccuracy, testAccuracy, unlearningAccuracy } from "./accuracy.ts";
export { type MembershipAttackName, membershipFeatures, membershipAttackNames } from "./membership-features.ts";
export { attackSuccess, attackSuccessReference, robustAccuracy, type TriggeredPrediction } from "./attack-success.ts";
export { cautionsFor, type EvaluatedPredictions } from "./cautions.ts";
export { type DefenceEffectiveness, defenceEffectiveness, type Defended } from "./defence-effectiveness.ts";
export { detectionScores } from "./detection.ts";
export { type EvaluateOptions, type Evaluation, evaluateLogits, type EvaluationInput } from "./evaluate-logits.ts";
export { hessianNorm, type LargestEigenvalue } from "./hessian.ts";
export {
  countMembers,
  fitMembershipAttack,
  type MembershipAttack,
  membershipAttack,
  type MembershipAttackInput,
  membersAmong,
} from "./membership-attack.ts";
export { type AttackedPredictions, membershipEfficacy } from "./membership-efficacy.ts";
export { membershipPrivacy, type PrivacyPredictions } from "./membership-privacy.ts";
export { defineMetric, type MetricDefinition, type MetricInfo } from "./metric.ts";
export { modifiedEntropy, modifiedEntropyAsPublished } from "./modified-entropy.ts";
export {
  compareScores,
  compareWithOracle,
  disparityAverage,
  disparityGain,
  type EvaluationMetrics,
  type Gain,
  type OracleComparison,
  type ScoreComparison,
  type ScoredPair,
  withoutGaps,
} from "./oracle-gap.ts";
export type { PlainPrediction, PredictionInput } from "./plain-prediction.ts";
export { metrics } from "./registry.ts";
export { runTime } from "./run-time.ts";
export { fitSvc, svcDecision, type SvcModel, type SvcOptions } from "./svc/index.ts";
export {
  tuningObjective,
  type TuningObjective,
  type TuningPredictions,
  tuningScores,
  type TuningScores,
} from "./tuning-objective.ts";
export { weightDistance, type WeightPair } from "./weight-distance.ts";
