/** Cells of a grid of cleanses with the scores of each seed. */
import { summarize } from "../../../src/statistics/statistics.ts";
import type { BackdoorCell } from "../../../src/record/index.ts";

interface MadeUp {
  readonly attack?: string;
  readonly sparsity?: number;
  readonly label?: string;
  /** Attack success, of both forms, of each seed from 1 on. */
  readonly before: readonly number[];
  readonly after: readonly number[];
  /** Clean accuracy after, where it was 0.5 before. */
  readonly SA?: readonly number[];
}

export function cellOf({
  attack = "badnets",
  sparsity = 0,
  label = "FT",
  before,
  after,
  SA = [],
}: MadeUp): BackdoorCell {
  const scores = (ASR: number, accuracy: number) => ({ ASR, ASRReference: ASR, SA: accuracy, robustAccuracy: 0.5 });
  const repetitions = before.map((ASR, i) => ({
    seed: i + 1,
    originalTrainLoss: 0.1,
    before: scores(ASR, 0.5),
    after: scores(after[i] ?? 0, SA[i] ?? 0.49),
    DER: 0.5,
    steps: 0,
    seconds: 0,
    trace: [],
  }));
  const cell = { attack, sparsity, label, options: {}, repetitions };
  if (repetitions.length === 0) return cell;
  const of = (model: "before" | "after", score: "ASR" | "SA") =>
    summarize(repetitions.map((each) => each[model][score]));
  return {
    ...cell,
    ASR: of("after", "ASR"),
    ASRReference: of("after", "ASR"),
    SA: of("after", "SA"),
    ASRBefore: of("before", "ASR"),
    ASRReferenceBefore: of("before", "ASR"),
    SABefore: of("before", "SA"),
  };
}
