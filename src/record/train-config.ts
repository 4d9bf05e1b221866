/** Settings of `coppice train`. */
import { z } from "zod";
import type { Config } from "./config.ts";
import { dataConfigSchema } from "./data-config.ts";
import { text } from "./fields.ts";
import { recipeConfigSchema } from "./recipe-config.ts";

export const splitModes = ["standard", "reference"] as const;
export const stems = ["cifar", "imagenet"] as const;

const splitConfigSchema = z.strictObject({
  mode: z.enum(splitModes).describe("whose draws"),
  validationFraction: z.number().describe("share of every class held out for validation, in [0, 1)"),
});
export type SplitConfig = Config<z.infer<typeof splitConfigSchema>>;

export const trainConfigSchema = z.strictObject({
  data: dataConfigSchema,
  split: splitConfigSchema,
  arch: text.describe("architecture's registered name"),
  stem: z.enum(stems).describe("first layers: for small or for large images"),
  recipe: recipeConfigSchema,
  rewindEpoch: z
    .number()
    .describe("the weights after this many epochs are kept, for pruning to rewind to; 0 keeps the initial ones"),
  sharding: z
    .strictObject({ shards: z.number(), slices: z.number() })
    .optional()
    .describe("trained as an ensemble, in shards and slices (SISA); absent: one network"),
  seed: z.number().describe("everything random follows from it"),
  device: text.describe("cpu or cuda"),
});
export type TrainConfig = Config<z.infer<typeof trainConfigSchema>>;
