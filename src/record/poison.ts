/** `poison.json`: how a data set is poisoned, complete enough to poison it again to the same bytes. The poisoned ids stand beside it. */
import { z } from "zod";
import { count, fraction, moment, sha256, text } from "./fields.ts";

export const poisonSchema = z
  .strictObject({
    attack: text.describe("attack's registered name"),
    options: z.record(z.string(), z.number()).describe("every option of the attack, defaults included"),
    target: count.describe("class that the trigger stands for: every poisoned image gets its label"),
    ratio: fraction.describe("share of the training images that is poisoned"),
    seed: count.describe("seed of the draw of the images, and of triggers that are drawn"),
    split: z
      .strictObject({
        mode: z.enum(["standard", "reference"]).describe("whose draws"),
        validationFraction: fraction.lt(1).describe("share of every class held out for validation"),
        seed: count.describe("seed of the validation draw"),
      })
      .describe("what is held out: those images stay clean"),
    cleanDigest: sha256.describe("hash of the data set before"),
  })
  .meta({ id: "Poison" });

export const poisonRecordSchema = z.strictObject({
  format: z.literal("coppice-poison").describe("what this file is"),
  version: z.literal(1).describe("version of this schema"),
  createdAt: moment.describe("when it was made"),
  command: z.array(z.string()).min(1).describe("command line that does it again"),
  data: z
    .strictObject({
      name: text.describe("data set"),
      seed: count.optional().describe("of the embedded data set: which pictures are drawn"),
      classes: z
        .array(z.union([count, text]))
        .readonly()
        .optional()
        .describe("the classes that are used, renumbered in this order; absent if all"),
      resolution: count.optional().describe("of an image folder: height and width of its images"),
      applyOrientation: z
        .boolean()
        .optional()
        .describe("of an image folder: images are turned as their EXIF orientation says"),
      numTrain: count.optional().describe("only the first training images; absent if all"),
      numTest: count.optional().describe("only the first test images; absent if all"),
    })
    .describe("the data set that is poisoned"),
  poison: poisonSchema.describe("how it is poisoned"),
  counts: z
    .strictObject({
      train: count.describe("images to train on"),
      poisoned: count.describe("of those poisoned; their ids are in `poisoned.csv`"),
      ofTarget: count.describe("of the poisoned ones, those that were of the target class already"),
      unchanged: count.describe("of the poisoned ones, those on which the trigger changes no pixel"),
      decoys: count.describe("of those to train on changed with their label kept"),
    })
    .describe("images"),
  poisonedDigest: sha256.describe("hash of the data set after"),
});

/** How a data set is poisoned. */
export type PoisonSettings = z.infer<typeof poisonSchema>;
/** The contents of `poison.json`. */
export type PoisonRecord = z.infer<typeof poisonRecordSchema>;
