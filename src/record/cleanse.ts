/** `cleanse.json`: what unlearning suspected images did to a backdoor, before and after. */
import { z } from "zod";
import { environmentSchema } from "./environment.ts";
import { metricSchema, sampleImageSchema } from "./evaluation.ts";
import { count, fraction, moment, seconds, sha256, text } from "./fields.ts";
import { poisonSchema } from "./poison.ts";
import { orderSchema } from "./run.ts";

const measuredSchema = z
  .strictObject({
    SA: metricSchema.describe("accuracy on the clean test images"),
    ASR: metricSchema
      .optional()
      .describe(
        "attack success rate: share of the triggered test images of other classes that are classified as the target class",
      ),
    ASRReference: metricSchema
      .optional()
      .describe(
        "likewise of all triggered test images, as the reference implementation counts: a good clean model has about 1 / classes",
      ),
    heldOut: metricSchema
      .optional()
      .describe("accuracy on the clean images held out of training, if there are any: what options may be chosen by"),
    robustAccuracy: metricSchema
      .optional()
      .describe("share of the triggered test images of other classes that are classified as what they are"),
  })
  .meta({ id: "TrojanScores" });

const comparedModel = {
  name: text.describe("name of the run"),
  path: text.describe("its folder"),
  modelSha256: sha256.describe("hash of its weights"),
  sparsity: fraction.describe("share of zeros among the convolution weights"),
  metrics: measuredSchema.describe("its scores; those of the trigger only where the attack is known"),
};

/** Precision and recall of a list of suspects. */
export const detectionScoresSchema = z
  .strictObject({
    poisoned: count.describe("poisoned images among those trained on"),
    found: count.describe("of these suspected"),
    precision: metricSchema.describe("share of the suspects that are poisoned"),
    recall: metricSchema.describe("share of the poisoned images that are suspected"),
  })
  .meta({ id: "DetectionScores" });

const suspectsSchema = z.strictObject({
  source: text.describe("name of the file of ids"),
  detector: text.optional().describe("what found them; absent where they were given"),
  count: count.describe("records"),
  share: fraction.describe("of the training images"),
  truth: detectionScoresSchema.optional().describe("how they agree with the truth, where it is known"),
});

const previewSchema = z.strictObject({
  index: count.describe("index in the test part of the data set"),
  label: count.describe("true class"),
  clean: sampleImageSchema.describe("the image"),
  triggered: sampleImageSchema.describe("the image with the trigger"),
  predictedBefore: count.describe("class of the triggered image before"),
  predictedAfter: count.describe("class of the triggered image after"),
});

const traceSchema = z.strictObject({
  epoch: count.describe("epochs done; 0 is the model before"),
  step: count.describe("optimiser steps done"),
  ASR: fraction.describe("attack success rate"),
  ASRReference: fraction.describe("likewise of all triggered images"),
  SA: fraction.describe("accuracy on clean test images"),
});

export const cleanseRecordSchema = z
  .strictObject({
    format: z.literal("coppice-cleanse").describe("what this file is"),
    version: z.literal(1).describe("version of this schema"),
    createdAt: moment.describe("when it was made"),
    command: z.array(z.string()).min(1).describe("command line of the cleanse"),
    run: z
      .strictObject({
        ...comparedModel,
        method: text.describe("unlearning method"),
        order: orderSchema.describe("whether the model was pruned before"),
        seconds: seconds.describe("wall seconds of the unlearning"),
        steps: count.describe("optimiser steps of the unlearning"),
      })
      .describe("the model after"),
    before: z.strictObject(comparedModel).describe("the model before"),
    DER: z
      .strictObject({
        value: fraction.describe("0.5: nothing gained; 1: all of the attack gone at no cost"),
        interval: z.tuple([fraction, fraction]).describe("interval of at least 95 %"),
      })
      .optional()
      .describe("defence effectiveness rating"),
    attack: poisonSchema
      .optional()
      .describe("the attack that is measured, from the record of the original; absent if unknown"),
    suspects: suspectsSchema
      .optional()
      .describe("the records that were unlearned; absent where the method reads no records"),
    classNames: z.array(z.string()).describe("names of the classes, by label"),
    trace: z.array(traceSchema).describe("after each epoch, on the first test images; empty where no attack is known"),
    traceImages: count.describe("test images the trace is measured on"),
    previews: z.array(previewSchema).describe("some triggered test images; may be empty"),
    notes: z.array(z.string()).describe("warnings a reader must see"),
    environment: environmentSchema.describe("what it ran on"),
    recordHash: sha256.optional().describe("hash of all of the record but itself; absent in those of earlier versions"),
  })
  .meta({ id: "Cleanse" });

/** Scores of one model against a trigger. */
export type TrojanScores = z.infer<typeof measuredSchema>;
/** How suspects agree with the truth. */
export type DetectionScores = z.infer<typeof detectionScoresSchema>;
/** The contents of `cleanse.json`. */
export type CleanseRecord = z.infer<typeof cleanseRecordSchema>;
