/** Settings of `coppice detect`. */
import { z } from "zod";
import type { Config } from "./config.ts";
import { dataFilesSchema } from "./data-config.ts";
import { text } from "./fields.ts";
import { optionValuesSchema } from "./forget-config.ts";

export const detectConfigSchema = z.strictObject({
  model: text.describe("run folder of the model"),
  detector: text.describe("detector's registered name"),
  options: optionValuesSchema.describe("options of the detector"),
  data: dataFilesSchema,
  seed: z.number().describe("everything random follows from it"),
  device: text.describe("cpu or cuda"),
});
export type DetectConfig = Config<z.infer<typeof detectConfigSchema>>;
