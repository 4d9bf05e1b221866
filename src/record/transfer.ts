/** `transfer.json`: what removing source classes does to the accuracy on a target. */
import { z } from "zod";
import { environmentSchema } from "./environment.ts";
import { metricSchema } from "./evaluation.ts";
import { summarySchema } from "./experiment.ts";
import { count, fraction, moment, seconds, settings, sha256, text } from "./fields.ts";

/** How a point or row says that nothing was removed. */
export const NOTHING_REMOVED = "none";

const names = z.array(text);
const method = text.describe("unlearning method, or `none` where all classes were kept");
const removed = names.describe("source classes that were removed");

export const transferPointSchema = z
  .strictObject({
    method,
    removed,
    seed: count.describe("of forgetting and of the new last layer; of the source too, where it was trained for this"),
    accuracy: metricSchema.describe("on the target's test images"),
    trainAccuracy: fraction.describe("on its training images"),
    forgetSeconds: seconds.optional().describe("RTE of removing the classes; absent where none was"),
    transferSeconds: seconds.describe("wall seconds of the transfer"),
    modelSha256: sha256.describe("hash of the transferred model"),
  })
  .meta({ id: "TransferPoint" });
export type TransferPoint = z.infer<typeof transferPointSchema>;

export const transferRowSchema = z
  .strictObject({
    method,
    removed,
    accuracy: summarySchema.describe("on the target's test images, over seeds"),
    gain: summarySchema.optional().describe("minus the accuracy with all source classes, seed by seed"),
    gap: summarySchema.optional().describe("minus the accuracy with Retrain on the same source classes, seed by seed"),
    forgetSeconds: seconds.optional().describe("mean RTE of removing the classes"),
    transferSeconds: seconds.describe("mean wall seconds of the transfer"),
  })
  .meta({ id: "TransferRow" });
export type TransferRow = z.infer<typeof transferRowSchema>;

export const rankings = ["counts", "leave-out"] as const;
export type RankingKind = (typeof rankings)[number];

export const classRankingSchema = z
  .strictObject({
    by: z.enum(rankings).describe("what the classes are ordered by"),
    classes: z
      .array(
        z.strictObject({
          name: text.describe("source class"),
          share: fraction.describe(
            "of the target's training images that the source classifies as it, mean over sources",
          ),
          probability: fraction.describe("mean probability that it gives it on them"),
          leaveOut: z
            .number()
            .optional()
            .describe("accuracy on held-out target images with all classes minus that without it; above 0 it helps"),
        }),
      )
      .describe("lowest value first"),
    images: count.describe("target images that were counted"),
    countSeconds: seconds.describe("wall seconds of counting"),
    leaveOutSeconds: seconds.optional().describe("wall seconds of forgetting each class and of the transfers"),
    leaveOutImages: count.optional().describe("held-out target images that these were scored on"),
  })
  .meta({ id: "ClassRanking" });
export type ClassRanking = z.infer<typeof classRankingSchema>;

export const transferRecordSchema = z.strictObject({
  format: z.literal("coppice-transfer").describe("what this file is"),
  version: z.literal(1).describe("version of this schema"),
  name: text.describe("title"),
  createdAt: moment.describe("when it was made"),
  command: z.array(z.string()).min(1).describe("command line that does it again"),
  source: z
    .strictObject({
      run: text.optional().describe("run that was given; absent where one was trained for each seed"),
      arch: text.describe("architecture"),
      data: text.describe("data set"),
      classNames: names.describe("its classes, by label"),
    })
    .describe("what is transferred"),
  target: z
    .strictObject({
      data: text.describe("data set"),
      digest: sha256.describe("SHA-256 of labels and images"),
      classNames: names.describe("its classes, by label"),
      numTrain: count.describe("training images"),
      numTest: count.describe("test images"),
      notes: z.array(z.string()).describe("what a reader must know about the data"),
    })
    .describe("what it is transferred to"),
  probe: z.enum(["linear", "full"]).describe("what is trained on the target: a new last layer, or everything"),
  recipe: settings.describe("how it is trained"),
  removalOrder: names.describe("the order in which classes are removed"),
  ranking: classRankingSchema.optional().describe("where that comes from; absent where the classes were given"),
  points: z.array(transferPointSchema).describe("one for each method, number of classes and seed"),
  rows: z.array(transferRowSchema).describe("over seeds"),
  notes: z.array(z.string()).describe("what else a reader must know"),
  environment: environmentSchema.describe("what it ran on"),
});
export type TransferRecord = z.infer<typeof transferRecordSchema>;
