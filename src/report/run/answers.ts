/** What became of a model's answers, in words: unchanged, changed, or those of a model that guesses; and whether forgetting gained anything. */
import type { CompleteEvaluation, EvaluationRecord } from "../../record/index.ts";
import { integer, percent } from "../../format/index.ts";

type Answered = NonNullable<EvaluationRecord["verdict"]>;

/** UA and its complement, once in words. */
export function complementSentence({ metrics: { UA } }: Pick<CompleteEvaluation, "metrics">): string {
  return `UA ${percent(UA.value)}: of the images to be forgotten ${percent(1 - UA.value)} are still classified correctly.`;
}

/** What forgetting did to the answers on the forget set; nothing where that is not known. */
export function answersSentence({ verdict, split }: EvaluationRecord): string | undefined {
  if (verdict?.same === undefined) return undefined;
  const count = integer(split.counts.forget);
  if (verdict.answers === "unchanged") {
    const how = verdict.same === 1 ? "all of them" : percent(verdict.same);
    return `Its answers on the ${count} images to be forgotten are unchanged: ${how} are what they were before.`;
  }
  return `Of the ${count} images to be forgotten, ${percent(1 - verdict.same)} get another answer than before.`;
}

/** That the model cannot be told from one that guesses, with the numbers that say so. */
export function guessingText({ metrics: { RA, TA } }: EvaluationRecord, { chance, commonest }: Answered): string {
  const rights = `it gets ${percent(RA.value)} of the retained images right and ${percent(TA.value)} of the test images`;
  const collapsed = commonest >= 0.99 ? `; it gives one answer to ${percent(commonest)} of them` : "";
  return `${rights}, where guessing gets ${percent(chance)}${collapsed}`;
}

/** How far forgetting brought the model towards Retrain. */
export type GainOutcome = "nearer" | "further" | "nothing";

/** Undefined where there is no model before or no Retrain to say it by. */
export function gainOutcome(verdict: EvaluationRecord["verdict"]): GainOutcome | undefined {
  if (verdict?.gain === undefined) return undefined;
  const [low, high] = verdict.gain.interval;
  if (low > 0) return "nearer";
  return high < 0 ? "further" : "nothing";
}
