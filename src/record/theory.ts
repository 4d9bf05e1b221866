/** `theory.json`: the error of unlearning by gradient ascent over sparsity, and what its bound says. */
import { z } from "zod";
import { environmentSchema } from "./environment.ts";
import { findingSchema } from "./experiment.ts";
import { count, fraction, moment, settings, sha256, text } from "./fields.ts";

const length = z.number().min(0);

export const theoryPointSchema = z.strictObject({
  optimizer: text.describe("how the models were trained"),
  sparsity: fraction.lt(1).describe("share of convolution weights that the mask removes"),
  seed: count.describe("seed of the original"),
  error: length.describe(
    "Euclidean distance between the model after gradient ascent and Retrain's: the unlearning error",
  ),
  distance: length.describe("Euclidean distance of the original from its initial weights, among living ones"),
  sigma: length.describe("largest singular value of the Hessian of the original's loss, among living weights"),
  sigmaConverged: z.boolean().describe("whether Lanczos' method had converged on it"),
  steps: count.describe("optimiser steps of the original"),
  lr: length.describe("its first learning rate"),
  trainLoss: z.number().describe("its mean cross-entropy at the end"),
});

const correlationSchema = z.strictObject({
  optimizer: text.describe("optimiser, or `all`"),
  n: count.describe("points"),
  pearson: z.number().nullable().describe("of bound and error; null where one does not vary"),
  interval: z
    .tuple([z.number(), z.number()])
    .nullable()
    .describe("95 % interval of `pearson` by Fisher's z, taking the points for independent; null of fewer than four"),
  logarithms: z.number().nullable().describe("of their logarithms: does the bound have the right order?"),
});

export const theoryRecordSchema = z.strictObject({
  format: z.literal("coppice-theory").describe("what this file is"),
  version: z.literal(1).describe("version of this schema"),
  name: text.describe("title"),
  createdAt: moment.describe("when it was made"),
  command: z.array(z.string()).min(1).describe("command line that does it again"),
  code: sha256.describe("hash of the code that made the numbers"),
  training: settings.describe("how the dense originals are trained, but for what an optimiser changes"),
  points: z.array(theoryPointSchema).describe("one for each optimiser, seed and sparsity"),
  correlations: z.array(correlationSchema).describe("of lr² · steps · distance · sigma with the error"),
  finding: findingSchema.omit({ name: true }).describe("proposition 2 beside what came out"),
  environment: environmentSchema.describe("what it ran on"),
});

export type TheoryPoint = z.infer<typeof theoryPointSchema>;
export type TheoryRecord = z.infer<typeof theoryRecordSchema>;

/** η² t ‖m ⊙ (θ_t - θ_0)‖ σ(m): proposition 2 of Jia et al. 2023, up to a constant. */
export function theoryBound({ lr, steps, distance, sigma }: TheoryPoint): number {
  return lr * lr * steps * distance * sigma;
}
