/** The four scores that are compared with Retrain, their names, and what each asks. */
import type { Metric, Scores } from "../record/index.ts";

/** The scores Disparity Ave. runs over, in the order they are shown. */
export const SCORE_KEYS = ["UA", "MIA", "RA", "TA"] as const;
export type ScoreKey = (typeof SCORE_KEYS)[number];

interface ScoreText {
  readonly name: string;
  readonly meaning: string;
}

/** One line of explanation for each score. */
export const SCORE_TEXTS: Readonly<Record<ScoreKey, ScoreText>> = {
  UA: { name: "Unlearning accuracy", meaning: "share of the forget images the model gets wrong" },
  MIA: {
    name: "MIA-Efficacy",
    meaning: "share of the forget images that a membership attack classifies as non-members (attack on the confidence)",
  },
  RA: { name: "Retain accuracy", meaning: "share of the retained images the model gets right" },
  TA: { name: "Test accuracy", meaning: "share of the test images the model gets right" },
};

/** Both forms of the attack success rate of a backdoor, named wherever one of them stands. */
export const ATTACK_SUCCESS = { ASR: "ASR, without the target class", ASRReference: "ASR, reference" } as const;
/** What is measured of a model against a trigger, in the order it is shown. */
export const TROJAN_SCORES = {
  ...ATTACK_SUCCESS,
  SA: "SA",
  robustAccuracy: "Robust accuracy",
  heldOut: "Held-out accuracy",
} as const;
export type AttackSuccessForm = keyof typeof ATTACK_SUCCESS;

/** The four other membership attacks, by what they look at. */
export const OTHER_ATTACKS: ReadonlyArray<readonly [Exclude<keyof Scores["MIA"], "confidence">, string]> = [
  ["correctness", "whether the prediction is right"],
  ["entropy", "entropy of the prediction"],
  ["m_entropy", "modified entropy of the prediction"],
  ["prob", "all class probabilities"],
];

/** The score of that name; MIA is the membership attack on the confidence. */
export function scoreOf(scores: Scores, key: ScoreKey): Metric {
  return key === "MIA" ? scores.MIA.confidence : scores[key];
}

/** The four values, 0 to 1. */
export function valuesOf(scores: Scores): Record<ScoreKey, number> {
  const { UA, RA, TA, MIA } = scores;
  return { UA: UA.value, MIA: MIA.confidence.value, RA: RA.value, TA: TA.value };
}

const METHOD_LABELS: ReadonlyMap<string, string> = new Map([
  ["retrain", "Retrain"],
  ["finetune", "FT"],
  ["gradient-ascent", "GA"],
  ["clp", "CLP"],
  ["anp", "ANP"],
  ["i-bau", "I-BAU"],
]);

/** A method's name as papers write it; other names stay, and none is the original. */
export function methodLabel(name: string | undefined): string {
  return name === undefined ? "Original" : (METHOD_LABELS.get(name) ?? name);
}
