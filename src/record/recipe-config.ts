/** How a model is trained; inherited by everything made from it. */
import { z } from "zod";
import type { Config } from "./config.ts";

export const optimizerNames = ["sgd", "adam", "adamw"] as const;
export const scheduleNames = ["multistep", "cosine", "onecycle", "constant"] as const;

export const recipeConfigSchema = z.strictObject({
  epochs: z.number().describe("passes over the training images"),
  batchSize: z.number().describe("images per step"),
  optimizer: z.enum(optimizerNames).describe("optimiser"),
  lr: z.number().describe("learning rate"),
  momentum: z.number().describe("of SGD, 0 to 1"),
  weightDecay: z.number().describe("weight decay"),
  nesterov: z.boolean().describe("Nesterov momentum"),
  schedule: z.enum(scheduleNames).describe("schedule of the learning rate"),
  milestones: z
    .array(z.number())
    .describe("of `multistep`: after which shares of the epochs the rate is divided by ten, each in (0, 1)"),
  warmupEpochs: z.number().describe("epochs of linear warm-up"),
  augment: z.boolean().describe("crop and flip"),
});
export type RecipeConfig = Config<z.infer<typeof recipeConfigSchema>>;
