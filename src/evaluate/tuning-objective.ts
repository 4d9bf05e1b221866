/**
 * How far a model is from what Retrain would give, estimated without Retrain and without the test set: what options are searched by.
 *
 *   J = (forgetting + membership + retained + generalisation) / 4        one term for each of the gaps UA, MIA, RA, TA that Disparity Ave. is the mean of
 *
 *   forgetting      single images: |acc(D_f) - acc(V_f)|      whole classes: max(acc(D_f), acc(V_f))
 *   membership      single images: |out(D_f) - out(V_f'')|    whole classes: 1 - out(D_f)
 *   retained        max(0, a_o - acc(H))
 *   generalisation  max(0, a_o - acc(V_r))                    a_o = acc(V_r) of the original
 *
 * Symbols    V images the original has never seen · V_f those of the classes of D_f, each class weighted as in D_f; where whole classes are forgotten
 *            those of the forgotten classes · V_r those of classes that are not forgotten whole · H retained images that the method was not given ·
 *            out(D) share of D that the membership attack on the confidence classifies as non-members; it learns from as many retained images as members as from V_r' as
 *            non-members · V', V'' the two halves of V, class by class; where whole classes are forgotten nothing of V_r is asked about, and V' = V
 * Reasoning  Retrain has seen neither D_f nor V. If single images are forgotten it must answer alike to both; if a whole class is, the class is
 *            unknown to it, in images it was to forget as in others, and no answer is right: Retrain's acc(D_f) = 0. In fit to what is left
 *            Retrain is like the original. H is compared with a_o, not with the original's accuracy on H, which it was trained on: a method that is not
 *            given H treats it as it treats D_f, and to ask that H be remembered is to ask that D_f be.
 * Source     the forget error to match is that on never-seen images of the same kind: Kurmanji et al., NeurIPS 2023, arXiv:2302.09880 (SCRUB+R);
 *            gaps to Retrain and their mean: Jia et al., NeurIPS 2023, arXiv:2304.04934
 * Reference  none
 * Differs    the sum of the four terms, and what each is measured on, are this project's
 */
import { scope, type Tensor, tensor } from "../torch/index.ts";
import type { Prediction } from "../train/index.ts";
import { CoppiceError } from "../util/errors.ts";
import { countCorrect } from "./accuracy.ts";
import { fitMembershipAttack, type MembershipAttack, membersAmong } from "./membership-attack.ts";
import { type PredictionInput, toPrediction } from "./plain-prediction.ts";
import { checkPrediction, firstOf } from "./predictions.ts";

export interface TuningPredictions {
  readonly forget: PredictionInput;
  /** V: at least two of every class of `forget`, and some of a class that is not forgotten whole. */
  readonly neverSeen: PredictionInput;
  /** H. */
  readonly withheld: PredictionInput;
  /** Retained images that the method was given, in ascending order of their indices. */
  readonly retain: PredictionInput;
  /** Classes that are forgotten whole; empty where single images are. */
  readonly forgetClasses: readonly number[];
}

/** Shares, 0 to 1. */
export interface TuningScores {
  /** acc(D_f). */
  readonly forget: number;
  /** acc(V_f). */
  readonly neverSeenForget: number;
  /** acc(V_r). */
  readonly neverSeen: number;
  /** acc(H). */
  readonly withheld: number;
  /** out(D_f). */
  readonly forgetOut: number;
  /** out(V_f''); 1 where whole classes are forgotten. */
  readonly neverSeenOut: number;
}

export interface TuningObjective {
  readonly forgetting: number;
  readonly membership: number;
  readonly retained: number;
  readonly generalisation: number;
  /** J, 0 to 1; smaller is better. */
  readonly value: number;
}

/**
 * What the objective is made of, of one model.
 * @throws CoppiceError E_SHAPE or E_ARG for predictions that cannot be used, among them those of a model that has diverged; E_DATA when V lacks a
 *   class of the forget set
 */
export function tuningScores(predictions: TuningPredictions): TuningScores {
  const { forgetClasses } = predictions;
  const whole = forgetClasses.length > 0;
  return scope(() => {
    const read = (name: "forget" | "neverSeen" | "withheld" | "retain"): Prediction => {
      const prediction = toPrediction(name, predictions[name]);
      checkPrediction(name, prediction);
      return prediction;
    };
    const [forget, neverSeen, withheld, retain] = [read("forget"), read("neverSeen"), read("withheld"), read("retain")];
    const remaining = selectImages(neverSeen, ({ label }) => !forgetClasses.includes(label));
    const outsiders = whole ? remaining : selectImages(neverSeen, ({ nth }) => nth % 2 === 0);
    const judged = whole ? null : selectImages(neverSeen, ({ nth }) => nth % 2 === 1);
    const members = firstOf(retain, Math.min(retain.labels.numel, outsiders.labels.numel));
    const attack = fitMembershipAttack("confidence", members, outsiders);
    return {
      forget: accuracy(forget),
      neverSeenForget: shareByClass(forget, neverSeen, correct),
      neverSeen: accuracy(remaining),
      withheld: accuracy(withheld),
      forgetOut: share(nonMembersAmong(attack, forget)),
      neverSeenOut: judged === null ? 1 : shareByClass(forget, judged, (each) => nonMembersAmong(attack, each)),
    };
  });
}

/** J and its terms. @param originalNeverSeen a_o @param whole whether whole classes are forgotten */
export function tuningObjective(scores: TuningScores, originalNeverSeen: number, whole: boolean): TuningObjective {
  const { forget, neverSeenForget, neverSeen, withheld, forgetOut, neverSeenOut } = scores;
  const terms = {
    forgetting: whole ? Math.max(forget, neverSeenForget) : Math.abs(forget - neverSeenForget),
    membership: Math.abs(forgetOut - neverSeenOut),
    retained: Math.max(0, originalNeverSeen - withheld),
    generalisation: Math.max(0, originalNeverSeen - neverSeen),
  };
  return { ...terms, value: Object.values(terms).reduce((sum, term) => sum + term, 0) / 4 };
}

function accuracy(prediction: Prediction): number {
  return countCorrect(prediction) / prediction.labels.numel;
}

/** bool [N]. */
function correct({ logits, labels }: Prediction): Tensor {
  return logits.argmax(1).eq(labels);
}

/** bool [N]. */
function nonMembersAmong(attack: MembershipAttack, prediction: Prediction): Tensor {
  return membersAmong(attack, prediction).logicalNot();
}

function share(hits: Tensor): number {
  return hits.sum().item() / hits.numel;
}

/** Σ_c |forget of c| / |forget| · share of `hit` among images of c in `of`. */
function shareByClass(forget: Prediction, of: Prediction, hit: (prediction: Prediction) => Tensor): number {
  const hits = hit(of);
  let sum = 0;
  for (const label of new Set(forget.labels.toArray())) {
    const own = of.labels.eq(label);
    const count = own.sum().item();
    if (count === 0)
      throw new CoppiceError(
        "E_DATA",
        `never-seen images: expected some of class ${label}, which is forgotten, got none`,
      );
    sum += (share(forget.labels.eq(label)) * hits.logicalAnd(own).sum().item()) / count;
  }
  return sum;
}

/** The images that `wanted` names by label and by their place among those of the label, from 0. */
function selectImages(
  { logits, labels }: Prediction,
  wanted: (image: { readonly label: number; readonly nth: number }) => boolean,
): Prediction {
  const seen = new Map<number, number>();
  const positions = labels.toArray().flatMap((label, position) => {
    const nth = seen.get(label) ?? 0;
    seen.set(label, nth + 1);
    return wanted({ label, nth }) ? [BigInt(position)] : [];
  });
  const index = tensor(BigInt64Array.from(positions));
  return { logits: logits.indexSelect(0, index), labels: labels.indexSelect(0, index) };
}
