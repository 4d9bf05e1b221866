/** Settings of `coppice poison`. */
import { z } from "zod";
import type { Config } from "./config.ts";
import { dataConfigSchema } from "./data-config.ts";
import { text } from "./fields.ts";
import { splitModes } from "./train-config.ts";

export const poisonConfigSchema = z.strictObject({
  data: dataConfigSchema.omit({ poison: true }),
  request: z.strictObject({
    attack: text.describe("attack's registered name"),
    options: z.record(z.string(), z.number()).describe("options of the attack"),
    target: z.union([z.number(), z.string()]).describe("class that the trigger stands for, by number or name"),
    ratio: z.number().describe("share of the training images that is poisoned, in (0, 1)"),
    seed: z.number().describe("seed of all draws"),
    split: z.strictObject({ mode: z.enum(splitModes), validationFraction: z.number(), seed: z.number() }),
  }),
});
export type PoisonConfig = Config<z.infer<typeof poisonConfigSchema>>;
