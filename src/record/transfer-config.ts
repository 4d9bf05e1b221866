/** Settings of one transfer: a trained network on other data. */
import { z } from "zod";
import type { Config } from "./config.ts";
import { dataConfigSchema } from "./data-config.ts";
import { text } from "./fields.ts";
import { recipeConfigSchema } from "./recipe-config.ts";
import { trainConfigSchema } from "./train-config.ts";

export const probes = ["linear", "full"] as const;
/** `linear`: only a new last layer is trained, on features of the frozen network; `full`: all of it. */
export type Probe = (typeof probes)[number];

export const transferConfigSchema = z.strictObject({
  model: text.describe("run folder of the source model"),
  data: dataConfigSchema.describe("the target: what it is transferred to"),
  probe: z.enum(probes).describe("what is trained"),
  recipe: recipeConfigSchema,
  validationFraction: z
    .number()
    .describe("share of every class of the target's training part that is held out, in [0, 1)"),
  seed: z.number().describe("everything random follows from it"),
  device: text.describe("cpu or cuda"),
  original: trainConfigSchema.optional().describe("in a record: what a training of such a network would be"),
});
export type TransferConfig = Config<z.infer<typeof transferConfigSchema>>;
