/** Settings of `coppice prune`. */
import { z } from "zod";
import type { Config } from "./config.ts";
import { dataFilesSchema } from "./data-config.ts";
import { engineConfigSchema } from "./engine-config.ts";
import { text } from "./fields.ts";
import { trainConfigSchema } from "./train-config.ts";

export const rewinds = ["epoch", "final", "initial"] as const;
export type Rewind = (typeof rewinds)[number];
export const layerKinds = ["conv", "conv+linear"] as const;
export type LayerKinds = (typeof layerKinds)[number];

export const pruneConfigSchema = z.strictObject({
  ...engineConfigSchema.shape,
  model: text.describe("run folder of the dense model"),
  pruner: text.describe("pruner's registered name"),
  sparsity: z.number().describe("share of the prunable weights to remove, in [0, 1)"),
  allocation: text.optional().describe("how sparsity is spread over layers; default `global`"),
  rewind: z
    .enum(rewinds)
    .optional()
    .describe(
      "where training under the mask starts: at the original's weights after its rewind epoch, at its final or its initial ones; default `initial` for a pruner that scores those, else `epoch`",
    ),
  flops: z
    .number()
    .optional()
    .describe(
      "of allocation `flops`: share of the dense multiplications that may stay, in (0, 1]; default: twice the share of weights that stay",
    ),
  layers: z.enum(layerKinds).optional().describe("which layers are pruned; default convolutions"),
  keepConnected: z.boolean().optional().describe("no layer is left without a weight"),
  rate: z
    .number()
    .optional()
    .describe(
      "of a pruner that trains in between: share of what is left that a round removes, in (0, 1); default the pruner's",
    ),
  after: text.optional().describe("of such a pruner: the run of the round before, whose weights are ranked"),
  epochs: z
    .number()
    .optional()
    .describe("epochs of training under the mask; default: from the rewind epoch to the original's end"),
  data: dataFilesSchema,
  seed: z.number().describe("everything random follows from it"),
  device: text.describe("cpu or cuda"),
  original: trainConfigSchema.optional().describe("in a record: how the original was trained"),
});
export type PruneConfig = Config<z.infer<typeof pruneConfigSchema>>;
