/** How a pruned model is computed. */
import { z } from "zod";
import type { Config } from "./config.ts";

export const engines = ["auto", "sparse", "dense"] as const;
export type Engine = (typeof engines)[number];

/** Of activations and their gradients on the sparse engine; weights, sums and everything else are float32. */
export const precisions = ["float32", "bf16"] as const;
export type Precision = (typeof precisions)[number];

export const engineConfigSchema = z.strictObject({
  engine: z.enum(engines).optional().describe("default `auto`"),
  precision: z.enum(precisions).optional().describe("of activations on the sparse engine; default `float32`"),
});
export type EngineConfig = Config<z.infer<typeof engineConfigSchema>>;
