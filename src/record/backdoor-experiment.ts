/** `backdoor-experiment.json`: a grid of attacks, sparsities and ways to cleanse, and what became of the backdoor. */
import { z } from "zod";
import { environmentSchema } from "./environment.ts";
import { failuresSchema, summarySchema, verdicts } from "./experiment.ts";
import { count, fraction, moment, seconds, settings, sha256, text } from "./fields.ts";

const scoresSchema = z
  .strictObject({
    ASR: fraction.describe("attack success rate, on test images of other classes than the target"),
    ASRReference: fraction.describe("likewise on all test images"),
    SA: fraction.describe("accuracy on clean test images"),
    robustAccuracy: fraction.describe("triggered test images of other classes classified as what they are"),
    heldOut: fraction.optional().describe("accuracy on clean images held out of training, if there are any"),
  })
  .meta({ id: "BackdoorScores" });
export type BackdoorScores = z.infer<typeof scoresSchema>;

const interval = z.tuple([fraction, fraction]);

const intervalsSchema = z
  .strictObject({
    ASR: interval.describe("of the attack success rate, on test images of other classes than the target"),
    ASRReference: interval.describe("likewise on all test images"),
    SA: interval.describe("of the accuracy on clean test images"),
    robustAccuracy: interval.describe("of the robust accuracy"),
  })
  .meta({ id: "BackdoorIntervals" });
export type BackdoorIntervals = z.infer<typeof intervalsSchema>;

const repetitionSchema = z.strictObject({
  seed: count.describe("seed of everything in it"),
  originalTrainLoss: z.number().describe("mean cross-entropy of the Trojaned model on its training images"),
  before: scoresSchema.describe("scores of the Trojaned model"),
  after: scoresSchema.describe("scores of the cleansed model"),
  DER: fraction.describe("defence effectiveness rating"),
  intervals: z
    .strictObject({
      before: intervalsSchema.describe("of the Trojaned model"),
      after: intervalsSchema.describe("of the cleansed model"),
      DER: interval.describe("of the defence effectiveness rating, of at least 95 %"),
    })
    .optional()
    .describe("95 % intervals over test images (Clopper-Pearson); absent in records of older versions"),
  steps: count.describe("optimiser steps of the cleanse"),
  seconds: seconds.describe("wall seconds of the cleanse"),
  trace: z
    .array(
      z.strictObject({
        step: count.describe("optimiser steps done"),
        ASR: fraction.describe("attack success rate"),
        ASRReference: fraction.describe("likewise of all triggered images"),
        SA: fraction.describe("accuracy on clean test images"),
      }),
    )
    .describe("after each epoch"),
});

const cellSchema = z
  .strictObject({
    attack: text.describe("attack"),
    sparsity: fraction.lt(1).describe("share of weights that was pruned before"),
    label: text.describe("way to cleanse"),
    options: settings.describe("its options"),
    suspects: z
      .strictObject({
        known: fraction.describe("share of the poisoned images that was known"),
        mixed: z.number().min(0).describe("clean images suspected too, as a multiple of all poisoned ones"),
      })
      .optional()
      .describe("how good the list of suspects was; absent: the truth"),
    repetitions: z.array(repetitionSchema).describe("one for each seed whose jobs succeeded"),
    ASR: summarySchema.optional().describe("of the cleansed models over seeds"),
    ASRReference: summarySchema.optional().describe("likewise"),
    SA: summarySchema.optional().describe("likewise"),
    robustAccuracy: summarySchema.optional().describe("likewise"),
    DER: summarySchema.optional().describe("defence effectiveness rating over seeds"),
    ASRBefore: summarySchema.optional().describe("of the Trojaned models"),
    ASRReferenceBefore: summarySchema.optional().describe("likewise"),
    SABefore: summarySchema.optional().describe("likewise"),
    robustAccuracyBefore: summarySchema.optional().describe("likewise"),
  })
  .meta({ id: "BackdoorCell" });
export type BackdoorCell = z.infer<typeof cellSchema>;

const searchSchema = z
  .strictObject({
    method: text.describe("method whose options were searched"),
    attack: text.describe("attack on the model it was tried on"),
    sparsity: fraction.lt(1).describe("share of its weights that was pruned before"),
    seed: count.describe("its seed"),
    tolerance: fraction.describe("how far the accuracy on clean held-out images may fall"),
    candidates: z
      .array(
        z.strictObject({
          options: settings.describe("options that were tried"),
          before: fraction.describe("accuracy on clean held-out images of the Trojaned model"),
          after: fraction.describe("likewise of the cleansed model: all that the choice looks at"),
          ASR: fraction.describe("attack success rate of the cleansed model, for the reader"),
          ASRReference: fraction.describe("likewise of all triggered images"),
        }),
      )
      .min(1)
      .describe("gentlest first"),
    chosen: count.describe("index of the candidate that the grid uses"),
  })
  .meta({ id: "OptionSearch" });
export type OptionSearchRecord = z.infer<typeof searchSchema>;

export const backdoorExperimentRecordSchema = z.strictObject({
  format: z.literal("coppice-backdoor-experiment").describe("what this file is"),
  version: z.literal(1).describe("version of this schema"),
  name: text.describe("recipe"),
  title: text.describe("title"),
  preset: text.describe("scale"),
  createdAt: moment.describe("when it was put together"),
  command: z.array(z.string()).min(1).describe("command line that does it again"),
  code: sha256.describe("hash of the code that made the numbers"),
  training: settings.describe("how the Trojaned models are trained"),
  ratio: fraction.describe("share of the training images that is poisoned"),
  seeds: z.array(count).describe("seeds"),
  searches: z.array(searchSchema).describe("options chosen on clean held-out images; empty where all were given"),
  cells: z.array(cellSchema).describe("one for each attack, sparsity and way to cleanse"),
  findings: z
    .array(
      z.strictObject({
        attack: text.describe("attack"),
        claim: text.describe("what was published, in a sentence"),
        published: text.describe("its numbers"),
        ours: text.describe("what came out here, with n and intervals"),
        verdict: z.enum(verdicts).describe("whether it came out"),
      }),
    )
    .describe("the published finding beside what came out"),
  remarks: z
    .array(z.strictObject({ attack: text.describe("attack"), text: text.describe("the sentence") }))
    .describe("of each attack, where there was nothing to cleanse, and whether the attack success fell"),
  failures: failuresSchema,
  notes: z.array(z.string()).describe("warnings a reader must see"),
  environment: environmentSchema.describe("what it was put together on"),
});

/** The contents of `backdoor-experiment.json`. */
export type BackdoorExperimentRecord = z.infer<typeof backdoorExperimentRecordSchema>;
