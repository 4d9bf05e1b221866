/** `tune.json`: a search for a method's options, what it looked at, and what it found. */
import { z } from "zod";
import { environmentSchema } from "./environment.ts";
import { count, fraction, moment, seconds, settings, sha256, splitReferenceSchema, text } from "./fields.ts";

const optionValue = z.union([z.number(), z.string()]);

const dimensionSchema = z.discriminatedUnion("scale", [
  z.strictObject({
    scale: z.enum(["log", "linear"]).describe("on which draws are uniform"),
    option: text.describe("option of the method"),
    low: z.number().describe("lower end"),
    high: z.number().describe("higher end"),
  }),
  z.strictObject({
    scale: z.literal("choice").describe("each is as likely"),
    option: text.describe("option of the method"),
    choices: z.array(optionValue).min(1).describe("values"),
  }),
]);
/** A range or choice of one option. */
export type TuneDimension = z.infer<typeof dimensionSchema>;

const scoresSchema = z
  .strictObject({
    forget: fraction.describe("accuracy on the images to forget"),
    neverSeenForget: fraction.describe("accuracy on never-seen images of their classes, weighted as they are"),
    neverSeen: fraction.describe("accuracy on never-seen images of classes that are not forgotten whole"),
    withheld: fraction.describe("accuracy on the retained images that the method was not given"),
    forgetOut: fraction.describe("share of the images to forget that the membership attack classifies as non-members"),
    neverSeenOut: fraction.describe("share of never-seen images that it does; 1 where whole classes are forgotten"),
  })
  .meta({ id: "TuningScores" });

const objectiveSchema = z
  .strictObject({
    forgetting: fraction.describe("distance of the images to forget from never-seen ones in accuracy; stands for UA"),
    membership: fraction.describe(
      "likewise in the share that the membership attack classifies as non-members; stands for MIA",
    ),
    retained: fraction.describe(
      "how far accuracy on withheld images is below the original's on never-seen ones; for RA",
    ),
    generalisation: fraction.describe("how far accuracy on never-seen images is below the original's; stands for TA"),
    value: fraction.describe("their mean, which the search makes small"),
  })
  .meta({ id: "TuningObjective" });

export const trialResultSchema = z.strictObject({ scores: scoresSchema });

const trialSchema = z.strictObject({
  trial: count.describe("number of the trial; 0: the options that hold without a search"),
  options: z.record(z.string(), optionValue).describe("what was drawn"),
  rung: count.describe("rung of successive halving, from 0"),
  full: z.boolean().describe("whether it ran as long as the method will"),
  epochs: count.optional().describe("epochs of this run, where the method has such an option"),
  scores: scoresSchema.optional().describe("what the objective is made of; absent if it failed"),
  objective: objectiveSchema.optional().describe("absent if it failed"),
  error: text.optional().describe("why it failed"),
  seconds: seconds.describe("wall seconds, scoring included"),
});
export type TuneTrial = z.infer<typeof trialSchema>;

export const tuneRecordSchema = z.strictObject({
  format: z.literal("coppice-tune").describe("what this file is"),
  version: z.literal(1).describe("version of this schema"),
  createdAt: moment.describe("when it was put together"),
  command: z.array(z.string()).min(1).describe("command line that does it again"),
  code: sha256.describe("hash of the code that made the numbers"),
  model: z
    .strictObject({
      path: text.describe("run folder"),
      name: text.describe("name of the run"),
      modelSha256: sha256.describe("hash of its weights"),
    })
    .describe("the model that must forget"),
  method: text.describe("unlearning method"),
  seed: count.describe("seed of the draws, of what is withheld, and of the method"),
  split: splitReferenceSchema.describe("what is forgotten; the test part is empty, because it was not opened"),
  fixed: settings.describe("options that were given"),
  search: z.array(dimensionSchema).describe("options that were searched"),
  budget: z
    .strictObject({
      trials: count.optional().describe("trials asked for"),
      minutes: z.number().positive().optional().describe("minutes asked for"),
      exhausted: z.boolean().describe("whether time ran out before all was done that was asked for"),
      seconds: seconds.describe("wall seconds of all trials"),
    })
    .describe("how much was asked for, and used"),
  halving: z
    .strictObject({
      eta: count.describe("one in how many is promoted to the next rung"),
      rungs: z
        .array(
          z.strictObject({
            trials: count.describe("trials"),
            epochs: count.nullable().describe("epochs of each; null: what its options say"),
          }),
        )
        .describe("of a bracket; with a budget in minutes brackets follow one another"),
      note: text.describe("why it is so"),
    })
    .describe("successive halving"),
  looked: z
    .strictObject({
      objective: text.describe("what was made small, in a sentence"),
      neverSeen: text.describe("which images stand for unseen ones"),
      withheld: text.describe("which images utility was measured on"),
      statement: text.describe("what was not read"),
    })
    .describe("what the search looked at"),
  original: z
    .strictObject({ scores: scoresSchema.describe("its scores"), objective: objectiveSchema.describe("its objective") })
    .describe("the model as it is: what doing nothing would give"),
  trials: z
    .array(trialSchema)
    .describe("in the order they were asked for; a trial that was promoted to the next rung is there again"),
  best: z
    .strictObject({
      trial: count.describe("its number"),
      options: z.record(z.string(), optionValue).describe("given and drawn options"),
      objective: objectiveSchema.describe("its objective"),
      forget: z.array(z.string()).describe("command line that uses it, with all retained images"),
    })
    .describe("the smallest objective of trials that ran in full"),
  betterThanNothing: z
    .boolean()
    .optional()
    .describe("whether the best has a smaller objective than the model as it is; absent in older records"),
  notes: z.array(z.string()).describe("what a reader must know"),
  environment: environmentSchema.describe("what it ran on"),
});

/** The contents of `tune.json`. */
export type TuneRecord = z.infer<typeof tuneRecordSchema>;
