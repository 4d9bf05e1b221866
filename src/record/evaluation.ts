/** `evaluation.json`: the evaluation of one model on one split, with the gap to Retrain (the oracle) where one was given. */
import { z } from "zod";
import { environmentSchema } from "./environment.ts";
import { count, fraction, moment, seconds, sha256, splitReferenceSchema, text } from "./fields.ts";
import { engineSchema, orderSchema } from "./run.ts";

export const metricSchema = z
  .strictObject({
    value: fraction.describe("the value, 0 to 1"),
    direction: z
      .enum(["higher", "lower", "match-oracle"])
      .describe("what is better: more, less, or what the oracle has"),
    unit: z.literal("fraction").describe("always `fraction`"),
    count: count.describe("images it was counted on"),
    interval: z.tuple([fraction, fraction]).describe("95 % Clopper-Pearson interval of the value"),
    gap: z.number().min(0).optional().describe("distance to the oracle's value"),
    signedGap: z.number().optional().describe("value minus the oracle's value"),
    gapInterval: z
      .tuple([z.number(), z.number()])
      .optional()
      .describe("95 % bootstrap interval of `signedGap` over images"),
  })
  .meta({ id: "Metric" });

const miaSchema = z
  .strictObject({
    correctness: metricSchema.describe("attack on whether the prediction is right"),
    confidence: metricSchema.describe("attack on the probability of the label; the one that is reported"),
    entropy: metricSchema.describe("attack on the entropy of the prediction"),
    m_entropy: metricSchema.describe("attack on the modified entropy"),
    prob: metricSchema.describe("attack on the whole probability vector"),
  })
  .meta({ id: "Attacks" });

const scoresSchema = z.strictObject({
  UA: metricSchema.describe("unlearning accuracy: share of the forget images the model gets wrong"),
  RA: metricSchema.describe("accuracy on the retained images"),
  TA: metricSchema.describe("accuracy on the test images"),
  MIA: miaSchema.describe(
    "MIA-Efficacy: share of the forget images that the membership attack classifies as non-members",
  ),
});

/** As they are measured of a run whose images to forget may be gone. */
const measuredSchema = scoresSchema.extend({
  UA: scoresSchema.shape.UA.optional().describe(
    "unlearning accuracy: share of the forget images the model gets wrong; absent where they are gone and never were evaluated",
  ),
  MIA: miaSchema
    .optional()
    .describe(
      "MIA-Efficacy: share of the forget images that the membership attack classifies as non-members; absent likewise",
    ),
});

const timeSchema = z.strictObject({
  seconds: seconds.describe("wall seconds of the unlearning stage"),
  denseSeconds: seconds.optional().describe("estimate of them with dense operators; where sparse kernels were used"),
});

const timeWithGapSchema = timeSchema.extend({
  gap: seconds.optional().describe("distance to the oracle's seconds"),
  signedGap: z.number().optional().describe("seconds minus the oracle's"),
});

const comparedModel = {
  name: text.describe("name of the run"),
  path: text.describe("its folder, relative to the evaluated run"),
  modelSha256: sha256.describe("hash of its weights"),
  sparsity: fraction.describe("share of zeros among the convolution weights"),
};

/** Pixels as they are stored in the data set: uint8 [channels, height, width], row-major, base64. */
export const sampleImageSchema = z
  .strictObject({
    channels: z.union([z.literal(1), z.literal(3)]).describe("1 grey, 3 red, green, blue"),
    height: z.int().min(1).max(512).describe("rows"),
    width: z.int().min(1).max(512).describe("columns"),
    data: z.base64().describe("uint8 [channels, height, width], base64"),
  })
  .refine(
    ({ channels, height, width, data }) => Buffer.from(data, "base64").length === channels * height * width,
    "expected channels x height x width bytes of data",
  )
  .meta({ id: "Image" });

const sampleSchema = z
  .strictObject({
    index: count.describe("index in the training part of the data set"),
    id: z.string().describe("image id"),
    label: count.describe("class"),
    image: sampleImageSchema.describe("pixels"),
    probabilityBefore: fraction.optional().describe("probability the parent gives the label"),
    probabilityAfter: fraction.describe("probability the model gives the label"),
    predictedBefore: count.optional().describe("class the parent predicts"),
    predictedAfter: count.describe("class the model predicts"),
  })
  .meta({ id: "Sample" });

const verdictSchema = z
  .strictObject({
    answers: z
      .enum(["unchanged", "changed", "guesses", "not compared"])
      .describe(
        "`guesses`: the model cannot be told from one that guesses on retained and test images; else whether its answers on the forget images are those of the parent, on 99 % or more",
      ),
    same: fraction.optional().describe("share of the forget images that it answers as the parent does"),
    chance: fraction.describe("accuracy of guessing: 1 over the number of retained classes"),
    commonest: fraction.describe("share of the retained and test images that get the commonest answer"),
    guessedBefore: z.boolean().optional().describe("whether the parent guessed already"),
    gain: z
      .strictObject({
        value: z.number().describe("Disparity Ave. of the parent minus that of the model"),
        interval: z.tuple([z.number(), z.number()]).describe("its 95 % bootstrap interval over images"),
      })
      .optional()
      .describe("how much nearer to the oracle forgetting brought the model; nothing where the interval holds 0"),
  })
  .meta({ id: "Verdict" });

export const evaluationRecordSchema = z
  .strictObject({
    format: z.literal("coppice-evaluation").describe("what this file is"),
    version: z.literal(1).describe("version of this schema"),
    createdAt: moment.describe("when it was made"),
    run: z
      .strictObject({
        ...comparedModel,
        path: text.describe("its folder, as given"),
        method: text.optional().describe("unlearning method; absent for an original"),
        order: orderSchema.optional().describe("whether the original was pruned first; absent for an original"),
        engine: engineSchema.optional().describe("how it was computed for its scores; absent if it has no mask"),
      })
      .describe("the model that was evaluated"),
    split: splitReferenceSchema.describe("the split it was evaluated on"),
    metrics: measuredSchema
      .extend({ RTE: timeWithGapSchema.describe("run-time efficiency") })
      .describe("what was measured"),
    disparityAverage: fraction
      .optional()
      .describe("mean gap to the oracle over UA, MIA (confidence), RA and TA; needs an oracle"),
    disparityInterval: z.tuple([fraction, fraction]).optional().describe("its 95 % bootstrap interval over images"),
    oracle: z
      .strictObject({
        ...comparedModel,
        metrics: scoresSchema.extend({ RTE: timeSchema.describe("run-time efficiency") }).describe("its metrics"),
      })
      .optional()
      .describe("Retrain: the model trained without the forget images"),
    before: z
      .strictObject({
        ...comparedModel,
        metrics: scoresSchema.describe("its metrics on the same split"),
        disparityAverage: fraction.optional().describe("its mean gap to the oracle; needs an oracle"),
        disparityInterval: z.tuple([fraction, fraction]).optional().describe("its 95 % bootstrap interval over images"),
      })
      .optional()
      .describe("the parent, before anything was forgotten; absent where it is gone and was never measured"),
    verdict: verdictSchema.optional().describe("what became of the model's answers; absent in older records"),
    originalTrainLoss: z
      .number()
      .optional()
      .describe("training loss of the original (the parent, or the model itself); absent where it is gone and unknown"),
    samples: z.array(sampleSchema).describe("some of the forget images, where they may be shown; else empty"),
    notes: z.array(z.string()).describe("warnings a reader must see"),
    environment: environmentSchema.describe("what the evaluation ran on"),
    recordHash: sha256.optional().describe("hash of all of the record but itself; absent in those of earlier versions"),
  })
  .meta({ id: "Evaluation" });

/** One measured share with its interval and, where an oracle was given, the gap to it. */
export type Metric = z.infer<typeof metricSchema>;
/** UA, RA, TA and the five membership attacks of one model. */
export type Scores = z.infer<typeof scoresSchema>;
/** Pixels of one image. */
export type SampleImage = z.infer<typeof sampleImageSchema>;
/** One forget image and what was said of it before and after. */
export type Sample = z.infer<typeof sampleSchema>;
/** The contents of `evaluation.json`. */
export type EvaluationRecord = z.infer<typeof evaluationRecordSchema>;
/** An evaluation for which the images to forget were there, or that has what an earlier one measured of them. */
export type CompleteEvaluation = EvaluationRecord & {
  readonly metrics: Scores & Pick<EvaluationRecord["metrics"], "RTE">;
};

/** Whether UA and MIA are known. */
export function hasAllScores<T extends Pick<EvaluationRecord, "metrics">>(
  evaluation: T,
): evaluation is T & Pick<CompleteEvaluation, "metrics"> {
  const { UA, MIA } = evaluation.metrics;
  return UA !== undefined && MIA !== undefined;
}
