/** Settings of `coppice forget` and `coppice cleanse`. */
import { z } from "zod";
import type { Config } from "./config.ts";
import { dataFilesSchema } from "./data-config.ts";
import { engineConfigSchema } from "./engine-config.ts";
import { text } from "./fields.ts";
import { forgetRequestSchema, keptRequestSchema } from "./forget-request.ts";
import { trainConfigSchema } from "./train-config.ts";

export const optionValuesSchema = z.record(z.string(), z.union([z.number(), z.string()]));

const requestSchema = z.union([forgetRequestSchema, keptRequestSchema, z.strictObject({ kind: z.literal("none") })]);

export const forgetConfigSchema = z.strictObject({
  ...engineConfigSchema.shape,
  model: text.describe("run folder of the model that must forget"),
  request: requestSchema.describe("what is forgotten; `none` for a method that reads no records"),
  forgetSeed: z.number().optional().describe("seed of a random forget set; default the split's"),
  method: text.describe("unlearning method's registered name"),
  options: optionValuesSchema.describe("options of the method"),
  withCopies: z
    .boolean()
    .optional()
    .describe("exact copies of what is forgotten are forgotten too, or taken out of validation and test"),
  withMissing: z
    .boolean()
    .optional()
    .describe("images that are not in the data any more are forgotten too, or taken out of validation and test"),
  withhold: z
    .number()
    .optional()
    .describe(
      "share of the retained images of every class, in (0, 1), that the method is not given: to tune its options on; absent: it gets all",
    ),
  cleanse: z
    .strictObject({ detector: text.optional().describe("what found the suspects; absent where they were given") })
    .optional()
    .describe("what is forgotten is suspected of a backdoor: the run is scored against it"),
  batchSize: z.number().describe("images per step"),
  data: dataFilesSchema,
  seed: z.number().describe("everything random follows from it"),
  device: text.describe("cpu or cuda"),
  original: trainConfigSchema.optional().describe("in a record: how the original was trained"),
});
export type ForgetConfig = Config<z.infer<typeof forgetConfigSchema>>;
