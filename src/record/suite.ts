/** `suite.json`: several models of several scenarios side by side, as the demo and the recipes write it. */
import { z } from "zod";
import { environmentSchema } from "./environment.ts";
import { evaluationRecordSchema } from "./evaluation.ts";
import { moment, text } from "./fields.ts";
import { runRecordSchema } from "./run.ts";

const scenarioSchema = z.strictObject({
  name: text.describe("title of the scenario"),
  description: z.string().optional().describe("what is forgotten, in a sentence"),
  evaluations: z.array(evaluationRecordSchema).describe("one per row, in the order to be shown"),
  runs: z.array(runRecordSchema).describe("the runs behind them, found by `modelSha256`"),
});

export const suiteRecordSchema = z.strictObject({
  format: z.literal("coppice-suite").describe("what this file is"),
  version: z.literal(1).describe("version of this schema"),
  name: text.describe("title"),
  createdAt: moment.describe("when it was made"),
  command: z.array(z.string()).min(1).describe("command line that does it again"),
  scenarios: z.array(scenarioSchema).min(1).describe("what is forgotten, one after another"),
  notes: z.array(z.string()).describe("warnings a reader must see"),
  environment: environmentSchema.describe("what it ran on"),
});

/** One scenario of a suite. */
export type SuiteScenario = z.infer<typeof scenarioSchema>;
/** The contents of `suite.json`. */
export type SuiteRecord = z.infer<typeof suiteRecordSchema>;
