/** Settings of `coppice evaluate`. */
import { z } from "zod";
import type { Config } from "./config.ts";
import { dataFilesSchema } from "./data-config.ts";
import { text } from "./fields.ts";

export const evaluateConfigSchema = z.strictObject({
  model: text.describe("run folder of the model"),
  splitOf: text
    .optional()
    .describe("run folder whose split is used; default the model's own, which must forget something"),
  oracle: text.optional().describe("run folder of Retrain on the same split"),
  oracleEvaluation: text.optional().describe("its `evaluation.json`; default that in its folder, where there is one"),
  out: text.optional().describe("folder for `evaluation.json`; default that of a run that forgot, and none for others"),
  withSamples: z
    .boolean()
    .optional()
    .describe("whether some forget images and their ids are kept; default: of built-in data sets only"),
  data: dataFilesSchema,
  device: text.describe("cpu or cuda"),
  engine: z
    .enum(["auto", "dense"])
    .optional()
    .describe("how pruned models are computed; default `auto`: a dense one among those compared stays dense"),
});
export type EvaluateConfig = Config<z.infer<typeof evaluateConfigSchema>>;
