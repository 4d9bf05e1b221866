/** Numbers over repetitions and proportions, without tensors. */
export { clopperPearson } from "./clopper-pearson.ts";
export { incompleteBeta } from "./incomplete-beta.ts";
export {
  correlation,
  correlationInterval,
  pairedTest,
  type PairedTest,
  partialCorrelation,
  summarize,
  type Summary,
} from "./statistics.ts";
