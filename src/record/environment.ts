/** What a stage ran on: enough to judge its timings and to run it again. */
import { z } from "zod";
import { count, sha256, text } from "./fields.ts";

export const environmentSchema = z
  .strictObject({
    coppice: text.describe("version of Coppice"),
    gitCommit: z
      .string()
      .regex(/^[0-9a-f]{40}$/)
      .optional()
      .describe("commit of the checkout, where it is one"),
    gitDirty: z.boolean().optional().describe("whether the checkout had uncommitted changes"),
    node: text.describe("version of Node"),
    libtorch: text.describe("version of libtorch"),
    addonSha256: sha256.describe("hash of the native addon"),
    cpu: text.describe("CPU model"),
    cores: count.describe("logical cores"),
    threads: count.describe("threads libtorch may use"),
    loadAverage: z
      .tuple([z.number(), z.number(), z.number()])
      .describe("system load over 1, 5 and 15 minutes at the start"),
    platform: text.describe("operating system and architecture"),
    device: text.describe("`cpu` or `cuda`"),
  })
  .meta({ id: "Environment" });

/** The environment block of a record. */
export type EnvironmentRecord = z.infer<typeof environmentSchema>;
