/** `cleanse-comparison.json`: one model cleansed in several ways, over sparsity. */
import { z } from "zod";
import { cleanseRecordSchema } from "./cleanse.ts";
import { count, moment } from "./fields.ts";

const { attack, suspects, classNames, traceImages, previews, notes, environment } = cleanseRecordSchema.shape;

export const cleanseComparisonRecordSchema = z.strictObject({
  format: z.literal("coppice-cleanse-comparison").describe("what this file is"),
  version: z.literal(1).describe("version of this schema"),
  createdAt: moment.describe("when it was put together"),
  command: z.array(z.string()).min(1).describe("command line that does it again"),
  attack,
  suspects,
  classNames,
  cleanses: z
    .array(cleanseRecordSchema.pick({ run: true, before: true, DER: true, suspects: true, trace: true }))
    .min(1)
    .describe("one for each sparsity and method, with the folders of both models below this one"),
  best: count
    .optional()
    .describe("index of the cleanse of the highest defence effectiveness rating; absent where no attack is known"),
  traceImages,
  previews: previews.describe("some triggered test images, as the best cleanse leaves them; may be empty"),
  notes,
  environment,
});

/** The contents of `cleanse-comparison.json`. */
export type CleanseComparisonRecord = z.infer<typeof cleanseComparisonRecordSchema>;
