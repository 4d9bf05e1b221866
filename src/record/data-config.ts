/** Which data a stage works on. */
import { z } from "zod";
import type { Config } from "./config.ts";
import { count, text } from "./fields.ts";
import { poisonSchema } from "./poison.ts";

/** Where the files of data already chosen are. */
export const dataFilesSchema = z.strictObject({
  folder: text.optional().describe("where the files are, instead of the usual places"),
  allowUnverified: z.boolean().describe("files may have other checksums than the published ones"),
});
export type DataFiles = Config<z.infer<typeof dataFilesSchema>>;

export const dataConfigSchema = z.strictObject({
  ...dataFilesSchema.shape,
  name: text.describe("name in the registry of data sets"),
  seed: count.optional().describe("of the embedded data set: which pictures are drawn"),
  numTrain: z.int().optional().describe("use only the first training images"),
  numTest: z.int().optional().describe("use only the first test images"),
  poison: poisonSchema.optional().describe("the training images carry a backdoor"),
  classes: z
    .array(z.union([z.number(), z.string()]))
    .optional()
    .describe("only these classes, renumbered in this order"),
  resolution: z.number().optional().describe("of an image folder: height and width of its images"),
  applyOrientation: z
    .boolean()
    .optional()
    .describe("of an image folder: images are turned as their EXIF orientation says"),
});
export type DataConfig = Config<z.infer<typeof dataConfigSchema>>;
