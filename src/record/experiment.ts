/** `experiment.json`: a grid of models, methods and seeds, what they scored, and how sure that is. */
import { z } from "zod";
import { environmentSchema } from "./environment.ts";
import { sampleImageSchema } from "./evaluation.ts";
import { count, fraction, moment, seconds, settings, sha256, text } from "./fields.ts";

export const scoreNames = ["UA", "MIA", "RA", "TA"] as const;
export type ScoreName = (typeof scoreNames)[number];

/** What a page shows of a grid, by name. */
export const figureNames = ["sparsity-curves", "radar", "method-bars", "loss-scatter", "samples"] as const;
export type FigureName = (typeof figureNames)[number];

export const verdicts = ["reproduced", "not reproduced", "not testable at this scale"] as const;

const interval = z.tuple([z.number(), z.number()]);

/** Of one number over seeds. */
export const summarySchema = z
  .strictObject({
    mean: z.number().describe("mean"),
    deviation: z.number().min(0).nullable().describe("standard deviation, with n - 1; null of one value"),
    interval: interval.nullable().describe("95 % interval of the mean (Student t); null of one value"),
    n: count.describe("values"),
  })
  .meta({ id: "Summary" });
export type SummaryRecord = z.infer<typeof summarySchema>;

/** An object with a value for each score, described. */
function perScore<T extends z.ZodType>(of: (what: string) => T): z.ZodObject<Record<ScoreName, T>, z.core.$strict> {
  return z.strictObject({
    UA: of("unlearning accuracy"),
    MIA: of("MIA-Efficacy, attack on the confidence"),
    RA: of("accuracy on the retained images"),
    TA: of("accuracy on the test images"),
  });
}

const repetitionSchema = z
  .strictObject({
    seed: count.describe("seed of everything in it"),
    originalTrainLoss: z.number().describe("mean cross-entropy of the original on its training images"),
    originalTrainAccuracy: fraction.describe("its accuracy on them"),
    originalSparsity: fraction.describe("share of zeros among its convolution weights"),
    scores: perScore((what) => fraction.describe(what)).describe("what the model scored"),
    gaps: perScore((what) => z.number().describe(what))
      .optional()
      .describe("scores minus those of Retrain from the same original; not of Retrain"),
    gapIntervals: perScore((what) => interval.describe(what))
      .optional()
      .describe("95 % bootstrap intervals of the gaps over images; not of Retrain"),
    disparity: fraction.optional().describe("mean size of the four gaps; not of Retrain"),
    disparityInterval: interval.optional().describe("its 95 % bootstrap interval over images; not of Retrain"),
    modelSha256: sha256.describe("hash of the evaluated weights"),
  })
  .meta({ id: "Repetition" });
export type Repetition = z.infer<typeof repetitionSchema>;

const rowSchema = z
  .strictObject({
    scenario: text.describe("id of the scenario"),
    model: text.describe("id of the model that forgot"),
    method: text.describe("unlearning method, `retrain`, or `original` for the model itself"),
    label: text.describe("name in tables"),
    options: settings.describe("options of the method that differ from its defaults and presets"),
    repetitions: z.array(repetitionSchema).describe("one for each seed whose jobs succeeded"),
    summary: z
      .strictObject({
        ...perScore((what) => summarySchema.describe(what)).shape,
        gaps: perScore((what) => summarySchema.describe(what))
          .optional()
          .describe("of the gaps"),
        disparity: summarySchema.optional().describe("of the average gap"),
        originalTrainLoss: summarySchema.describe("of the original's training loss"),
      })
      .optional()
      .describe("over seeds; absent where there is none"),
    seconds: z.array(seconds).describe("RTE of each repetition: wall seconds of the stage"),
    denseSeconds: z
      .array(seconds)
      .describe("estimate of them with dense operators; as many as ran on the sparse kernels"),
  })
  .meta({ id: "Row" });
export type ExperimentRow = z.infer<typeof rowSchema>;

const sideSchema = z.strictObject({ label: text.describe("row"), model: text.describe("id of its model") });

const testSchema = z
  .strictObject({
    scenario: text.describe("id of the scenario"),
    score: z.enum([...scoreNames, "disparity"]).describe("what is compared"),
    first: sideSchema.describe("first row"),
    second: sideSchema.describe("second row"),
    difference: summarySchema.describe("first minus second, seed by seed"),
    p: z.number().min(0).max(1).nullable().describe("two-sided paired t-test; null below two seeds or without spread"),
  })
  .meta({ id: "PairedTest" });
export type TestRecord = z.infer<typeof testSchema>;

/** Jobs of a grid that did not succeed. */
export const failuresSchema = z
  .array(
    z.strictObject({
      title: text.describe("job"),
      code: text.describe("error code"),
      message: z.string().describe("error message"),
    }),
  )
  .describe("jobs that failed, or wait for one that did");

export const findingSchema = z
  .strictObject({
    name: text.describe("which finding"),
    claim: text.describe("what was published, in a sentence"),
    published: text.describe("its numbers"),
    timed: z.literal(true).optional().describe("run times are part of it"),
    ours: text.describe("what came out here, with n and intervals"),
    verdict: z.enum(verdicts).describe("whether it came out"),
  })
  .meta({ id: "Finding" });
export type FindingRecord = z.infer<typeof findingSchema>;

const modelSchema = z.strictObject({
  id: text.describe("name in rows"),
  label: text.describe("name in tables"),
  sparsity: fraction.lt(1).describe("share of weights that was to be pruned; 0 dense"),
  pruner: text.optional().describe("which pruner; absent if dense"),
  epochs: count.describe("epochs of the original's training"),
});

const scenarioSchema = z.strictObject({
  id: text.describe("name in rows"),
  title: text.describe("name in tables"),
  description: text.describe("what is forgotten, in a sentence"),
  kind: z.enum(["class", "random", "list"]).describe("whole classes, a random share, or a list"),
});

const answerSchema = z.strictObject({
  model: text.describe("id of the model that forgot"),
  label: text.describe("row"),
  probability: fraction.describe("probability given to the image's class"),
  predicted: count.describe("class predicted"),
});

const samplesSchema = z.strictObject({
  classNames: z.array(z.string()).describe("of the classes, in the order of their numbers; may be empty"),
  images: z
    .array(
      z.strictObject({
        scenario: text.describe("id of the scenario"),
        index: count.describe("index in the training part of the data set"),
        id: z.string().describe("image id"),
        label: count.describe("class"),
        image: sampleImageSchema.describe("pixels"),
        answers: z.array(answerSchema).describe("what each model says of it"),
      }),
    )
    .describe("some of the images to be forgotten"),
});

const warningSchema = z.strictObject({
  text: text.describe("the warning"),
  scenarios: z.array(text).min(1).describe("ids of the scenarios it holds for"),
});

export const experimentRecordSchema = z.strictObject({
  format: z.literal("coppice-experiment").describe("what this file is"),
  version: z.literal(1).describe("version of this schema"),
  name: text.describe("recipe"),
  title: text.describe("title"),
  preset: text.describe("scale"),
  createdAt: moment.describe("when it was put together"),
  command: z.array(z.string()).min(1).describe("command line that does it again"),
  code: sha256.describe("hash of the code that made the numbers"),
  training: settings.describe("how the originals are trained"),
  seeds: z.array(count).describe("seeds"),
  models: z.array(modelSchema).describe("what is made to forget"),
  scenarios: z.array(scenarioSchema).describe("what is forgotten"),
  rows: z.array(rowSchema).describe("one for each scenario, model and method"),
  tests: z.array(testSchema).describe("paired tests over seeds"),
  findings: z.array(findingSchema).describe("published findings beside what came out"),
  figures: z.array(z.enum(figureNames)).describe("what the report shows"),
  failures: failuresSchema,
  notes: z.array(z.string()).describe("warnings a reader must see"),
  warnings: z.array(warningSchema).optional().describe("warnings of its runs and evaluations, each once"),
  samples: samplesSchema.optional().describe("of the first seed, where the figure `samples` is asked for"),
  environment: environmentSchema.describe("what it was put together on"),
});

/** Images to be forgotten, and what each model says of them. */
export type ExperimentSamples = z.infer<typeof samplesSchema>;
/** A warning, and where it holds. */
export type ExperimentWarning = z.infer<typeof warningSchema>;
/** The contents of `experiment.json`. */
export type ExperimentRecord = z.infer<typeof experimentRecordSchema>;
