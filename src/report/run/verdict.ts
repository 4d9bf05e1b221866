/** The verdict on one model in plain words, derived from its numbers alone. `docs/explanation/report.md` states the rules. */
import { type CompleteEvaluation, type EvaluationRecord, hasAllScores, type Scores } from "../../record/index.ts";
import { compareMetric } from "./compare.ts";
import type { Comparison, Outcome } from "./compare.ts";
import { duration, factor, integer, percent, points, sparsityName } from "../../format/index.ts";
import { answersSentence, complementSentence, gainOutcome, guessingText } from "./answers.ts";
import { methodLabel, SCORE_KEYS, scoreOf } from "../scores.ts";
import type { ScoreKey } from "../scores.ts";

/** Differences of UA and MIA below five points are slight. */
const SLIGHT = 0.05;

/** How a verdict is coloured: `bad` is too little forgotten. */
export type VerdictLevel = "good" | "caution" | "bad" | "neutral";

export interface Verdict {
  readonly level: VerdictLevel;
  /** Two or three words. */
  readonly label: string;
  /** The verdict in one sentence. */
  readonly headline: string;
  /** What supports it, a paragraph each. */
  readonly sentences: readonly string[];
}

/** How the forgetting stands to Retrain's, from UA and MIA together. */
type Forgetting = "match" | "under" | "over" | "mixed" | "unclear";
type Comparisons = Readonly<Record<ScoreKey, Comparison>>;
interface ForgettingOutcome {
  readonly forgetting: Forgetting;
  /** Whether UA and MIA are both within SLIGHT of Retrain's. */
  readonly slight: boolean;
  readonly compared: Comparisons;
}
type Oracle = NonNullable<EvaluationRecord["oracle"]>;

/** The verdict on an evaluated model; on none, that there is nothing to say yet. */
export function verdictOf(evaluation: EvaluationRecord | undefined): Verdict {
  if (evaluation === undefined) return notEvaluated;
  if (!hasAllScores(evaluation)) return unknownVerdict(evaluation);
  const answers = [complementSentence(evaluation), answersSentence(evaluation) ?? []].flat().join(" ");
  if (evaluation.verdict?.answers === "guesses") return guessingVerdict(evaluation, evaluation.verdict, answers);
  const { sentences, ...verdict } = withGain(evaluation, scoresVerdict(evaluation));
  return { ...verdict, sentences: [answers, ...sentences] };
}

/** By the scores alone. */
function scoresVerdict(evaluation: CompleteEvaluation): Verdict {
  if (evaluation.run.method === undefined) return originalVerdict(evaluation);
  if (evaluation.run.method === "retrain") return retrainVerdict(evaluation);
  return evaluation.oracle === undefined ? blindVerdict(evaluation) : methodVerdict(evaluation, evaluation.oracle);
}

/** The method and the model it started from, as a subject: `FT on the 95 % pruned model`. */
export function subjectOf({ run, before }: CompleteEvaluation): string {
  const pruned = run.order === "prune-first";
  return `${methodLabel(run.method)}${pruned ? ` on the ${sparsityName(before?.sparsity ?? run.sparsity)} model` : ""}`;
}

/** A model that guesses has no scores worth comparing: it gets the forget images wrong as it does all others. */
function guessingVerdict(
  evaluation: CompleteEvaluation,
  verdict: NonNullable<EvaluationRecord["verdict"]>,
  answers: string,
): Verdict {
  const how = guessingText(evaluation, verdict);
  const nothing =
    "A model that guesses remembers no image, and has learnt none: its scores say nothing about forgetting.";
  if (evaluation.run.method === undefined || verdict.guessedBefore === true) {
    const since = verdict.guessedBefore === true ? ", as it did before" : "";
    return {
      level: "caution",
      label: "Guesses",
      headline: `This model guesses${since}: ${how}.`,
      sentences: [answers, nothing],
    };
  }
  const what =
    evaluation.run.method === "retrain"
      ? "This Retrain guesses"
      : `${subjectOf(evaluation)} has destroyed the model, which now guesses`;
  return { level: "bad", label: "Destroyed", headline: `${what}: ${how}.`, sentences: [answers, nothing] };
}

/** Where doing nothing is as near to Retrain, that comes first. */
function withGain(evaluation: CompleteEvaluation, found: Verdict): Verdict {
  const { before, disparityAverage: now, run, verdict } = evaluation;
  const outcome = gainOutcome(verdict);
  if (outcome === undefined || run.method === "retrain") return found;
  const [from, to] = [before?.disparityAverage, now].map((value) => (value === undefined ? "unknown" : points(value)));
  const numbers = `Disparity Ave. ${from} before, ${to} now`;
  const sentences = [found.headline, ...found.sentences];
  switch (outcome) {
    case "nearer":
      return { ...found, sentences: [...found.sentences, `Forgetting brought it nearer to Retrain: ${numbers}.`] };
    case "further":
      return {
        level: "bad",
        label: "Worse than doing nothing",
        headline: `${subjectOf(evaluation)} took the model further from Retrain than it was: ${numbers}.`,
        sentences,
      };
    case "nothing":
      return {
        level: found.level === "bad" ? "bad" : "caution",
        label: "Nothing gained",
        headline: `Forgetting gained nothing that can be measured: the model as it was is as near to Retrain as what ${subjectOf(evaluation)} made of it (${numbers}).`,
        sentences,
      };
  }
}

/** Whether images that are gone were forgotten is unknown. */
function unknownVerdict(evaluation: EvaluationRecord): Verdict {
  const { metrics, verdict } = evaluation;
  const guesses = verdict?.answers === "guesses" ? [`This model guesses: ${guessingText(evaluation, verdict)}.`] : [];
  return {
    level: "neutral",
    label: "Cannot be measured",
    headline:
      "The images to be forgotten are gone, and this model was not evaluated while they were there: whether it has forgotten them cannot be measured any more.",
    sentences: [
      `It gets ${percent(metrics.RA.value)} of the retained images right and ${percent(metrics.TA.value)} of the test images. Forgetting took ${duration(metrics.RTE.seconds)}.`,
      ...guesses,
    ],
  };
}

const notEvaluated: Verdict = {
  level: "neutral",
  label: "Not evaluated",
  headline: "This run has not been evaluated, so this page shows its training only.",
  sentences: ["`coppice evaluate` measures what it remembers."],
};

function originalVerdict({ metrics, split }: CompleteEvaluation): Verdict {
  return {
    level: "neutral",
    label: "Original",
    headline: `This is an original model: nothing has been forgotten. It gets ${percent(metrics.UA.value)} of the ${integer(split.counts.forget)} forget images wrong.`,
    sentences: [`It gets ${percent(metrics.TA.value)} of the test images right.`],
  };
}

function retrainVerdict({ metrics, split }: CompleteEvaluation): Verdict {
  return {
    level: "neutral",
    label: "Retrain baseline",
    headline: `This is Retrain, trained without the forget images: it gets ${percent(metrics.UA.value)} of the ${integer(split.counts.forget)} wrong, and that is what unlearning should arrive at, neither less nor more.`,
    sentences: [
      `The membership attack classifies ${percent(metrics.MIA.confidence.value)} of them as non-members; ${percent(metrics.TA.value)} of the test images are right. It took ${duration(metrics.RTE.seconds)}.`,
    ],
  };
}

function blindVerdict(evaluation: CompleteEvaluation): Verdict {
  const { metrics, split, before } = evaluation;
  const earlier = before === undefined ? "" : ` (before: ${percent(before.metrics.UA.value)})`;
  return {
    level: "neutral",
    label: "No oracle",
    headline: `No oracle was given, so nobody can say whether this is enough: ${subjectOf(evaluation)} gets ${percent(metrics.UA.value)} of the ${integer(split.counts.forget)} forget images wrong${earlier}.`,
    sentences: [
      `The membership attack classifies ${percent(metrics.MIA.confidence.value)} of them as non-members; ${percent(metrics.TA.value)} of the test images are right.`,
      "High numbers are not good in themselves: they should be those of a model retrained without these images. Evaluate against a Retrain run to see the gaps.",
    ],
  };
}

function methodVerdict(evaluation: CompleteEvaluation, oracle: Oracle): Verdict {
  const compared = Object.fromEntries(
    SCORE_KEYS.map((key) => [key, compareMetric(scoreOf(evaluation.metrics, key), scoreOf(oracle.metrics, key))]),
  ) as Record<ScoreKey, Comparison>;
  const forgetting = forgettingOf(compared.UA.outcome, compared.MIA.outcome);
  const slight = Math.max(Math.abs(compared.UA.difference), Math.abs(compared.MIA.difference)) < SLIGHT;
  const damaged = compared.RA.outcome === "lower" || compared.TA.outcome === "lower";
  return {
    level: levelOf(forgetting, slight, damaged),
    label: labelOf(forgetting, slight, damaged),
    headline: headlineOf(evaluation, oracle, { forgetting, slight, compared }),
    sentences: [
      [
        accuracySentence(evaluation.metrics, oracle.metrics, compared),
        ...(evaluation.disparityAverage === undefined
          ? []
          : [
              `Over the four scores it is ${points(evaluation.disparityAverage)} from Retrain on average (Disparity Ave.).`,
            ]),
        timeSentence(evaluation.metrics.RTE.seconds, oracle.metrics.RTE.seconds),
      ].join(" "),
    ],
  };
}

function forgettingOf(ua: Outcome, mia: Outcome): Forgetting {
  const both = [ua, mia];
  const under = both.includes("lower");
  const over = both.includes("higher");
  if (under && over) return "mixed";
  if (under) return "under";
  if (over) return "over";
  return both.includes("unclear") ? "unclear" : "match";
}

function levelOf(forgetting: Forgetting, slight: boolean, damaged: boolean): VerdictLevel {
  if (forgetting === "match") return damaged ? "caution" : "good";
  return forgetting === "under" && !slight ? "bad" : "caution";
}

function labelOf(forgetting: Forgetting, slight: boolean, damaged: boolean): string {
  switch (forgetting) {
    case "match":
      return damaged ? "Forgets, at a price" : "Forgets like Retrain";
    case "under":
      return slight ? "Under-forgets slightly" : "Under-forgets";
    case "over":
      return slight ? "Over-forgets slightly" : "Over-forgets";
    case "mixed":
      return "Unlike Retrain";
    case "unclear":
      return "Too few images to tell";
  }
}

function headlineOf(
  evaluation: CompleteEvaluation,
  oracle: Oracle,
  { forgetting, slight, compared }: ForgettingOutcome,
): string {
  const { metrics, split } = evaluation;
  const subject = subjectOf(evaluation);
  const forget = `the ${integer(split.counts.forget)} forget images`;
  const against = (key: ScoreKey): string => `(Retrain: ${percent(scoreOf(oracle.metrics, key).value)})`;
  const wrong = `it gets ${percent(metrics.UA.value)} of ${forget} wrong ${against("UA")}`;
  const unseen = (whom: string): string =>
    `the membership attack classifies ${percent(metrics.MIA.confidence.value)} of ${whom} as non-members ${against("MIA")}`;
  const evidence = compared.UA.outcome === "same" || compared.UA.outcome === "unclear" ? unseen(forget) : wrong;
  switch (forgetting) {
    case "match":
      return `${subject} forgets as Retrain does: ${wrong}, and ${unseen("them")}.`;
    case "under":
      if (compared.UA.outcome !== "lower") {
        return `${subject} still remembers${slight ? " a little" : ""}, which the membership attack shows and UA does not: ${evidence}.`;
      }
      return `${subject} has not ${slight ? "quite forgotten" : "forgotten enough"}: ${evidence}.`;
    case "over":
      if (slight) return `${subject} forgets a little more than Retrain does: ${evidence}.`;
      return `${subject} forgets more than it should, which can itself give the forgotten away: ${evidence}.`;
    case "mixed":
      return `${subject} forgets unlike Retrain: ${wrong}, while ${unseen("them")}.`;
    case "unclear":
      return `${subject} cannot be told from Retrain with so few images: ${wrong}.`;
  }
}

function accuracySentence(model: Scores, oracle: Scores, { RA, TA }: Comparisons): string {
  const values = (key: "RA" | "TA"): string => `${percent(model[key].value)} against ${percent(oracle[key].value)}`;
  const lower = [
    ...(RA.outcome === "lower" ? [`on retained images (${values("RA")})`] : []),
    ...(TA.outcome === "lower" ? [`on test images (${values("TA")})`] : []),
  ];
  if (lower.length > 0) return `The price: it is less accurate than Retrain ${lower.join(" and ")}.`;
  if (RA.outcome === "unclear" || TA.outcome === "unclear") {
    return `Whether it costs accuracy cannot be told from so few images: ${values("TA")} on test images.`;
  }
  if (TA.outcome === "higher") return `It is more accurate than Retrain on test images (${values("TA")}).`;
  return `It costs no accuracy that could be measured: ${values("TA")} on test images.`;
}

function timeSentence(seconds: number, oracleSeconds: number): string {
  const times = `It took ${duration(seconds)}; Retrain took ${duration(oracleSeconds)}`;
  if (seconds === 0 || oracleSeconds < seconds) return `${times}.`;
  return `${times}, ${factor(oracleSeconds / seconds)} times as long.`;
}
