/** `run.json`, one per run folder: what was asked for, on what, with what result. And the lines of `metrics.jsonl`. */
import { z } from "zod";
import { environmentSchema } from "./environment.ts";
import { pluginSchema } from "./plugin.ts";
import { count, fraction, moment, seconds, settings, sha256, splitReferenceSchema, text } from "./fields.ts";

const positive = z.int().min(1);

const modelSchema = z.strictObject({
  arch: text.describe("architecture's registered name"),
  numClasses: positive.describe("classes"),
  inChannels: positive.describe("image channels"),
  imageSize: positive.describe("height and width of the images"),
  stem: z.enum(["cifar", "imagenet"]).describe("first layers: for small or for large images"),
  members: positive
    .optional()
    .describe("networks of the ensemble, whose predictions are averaged; absent for a single network"),
  numParameters: positive.describe("parameters, trainable ones"),
  normalize: z
    .strictObject({
      mean: z.array(z.number()).describe("of each channel of images in [0, 1]"),
      std: z.array(z.number()).describe("likewise"),
    })
    .optional()
    .describe(
      "of an architecture that is not built in: what it was told to subtract and divide by, per channel; else it is beside the weights",
    ),
});

const dataSchema = z.strictObject({
  name: text.describe("data set"),
  digest: sha256.describe("SHA-256 of sizes, labels and images"),
  verified: z.boolean().describe("whether the files have the published checksums"),
  source: text.describe("where it was read from"),
  notes: z.array(z.string()).describe("what a reader must know about the data"),
  numTrain: count.describe("training images in the data set"),
  numTest: count.describe("test images in the data set"),
  classNames: z.array(z.string()).describe("names of the classes, by label"),
  recordsSha256: sha256
    .optional()
    .describe("hash of `records.json`, which tells each image; absent in runs of earlier versions"),
  parts: z
    .strictObject({
      train: sha256.describe("of the training part"),
      test: sha256.describe("of the test part"),
    })
    .optional()
    .describe("SHA-256 of the labels and digests of a part's images; absent in runs of earlier versions"),
  gone: count.optional().describe("images to forget that were not in the data any more; absent: none"),
});

const parentSchema = z.strictObject({
  path: text.describe("its folder, relative to this one"),
  name: text.describe("its name"),
  modelSha256: sha256.describe("hash of the weights that were read"),
  sparsity: fraction.optional().describe("share of zeros among its convolution weights"),
  trainLoss: z.number().optional().describe("its training loss, for when its folder is gone"),
});

/** Where forgetting starts: from the dense model, or from one pruned first. */
export const orderSchema = z.enum(["dense", "prune-first"]);

const methodSchema = z.strictObject({
  name: text.describe("method's registered name"),
  options: settings.describe("every option, defaults included"),
  order: orderSchema.describe("whether the parent was pruned first"),
  presets: z
    .array(z.strictObject({ option: text.describe("option"), source: text.describe("where its value comes from") }))
    .optional()
    .describe("options with a preset for the case, taken because none was given; absent if none"),
  caution: text
    .optional()
    .describe("what speaks against the method for what is forgotten; absent if there is nothing against it"),
});

const maskLayerSchema = z.strictObject({
  name: text.describe("parameter"),
  numel: count.describe("weights"),
  nonzero: count.describe("weights the mask keeps"),
});

const maskSchema = z.strictObject({
  sparsity: fraction.describe("share of masked weights among the prunable ones"),
  allocation: text.optional().describe("how sparsity was spread over layers"),
  layers: z.array(maskLayerSchema).describe("per layer, in model order"),
});

/** Which way a pruned model was computed. */
export const engineSchema = z.strictObject({
  name: z.enum(["dense", "sparse"]).describe("masked dense operators, or kernels on the live weights only"),
  reason: text.describe("why this one"),
  precision: z.literal("bf16").optional().describe("of activations; absent if float32"),
  denseSecondsPerImage: seconds
    .optional()
    .describe("of a dense training step on the machine, as measured for the choice"),
});

const layerSchema = z.strictObject({
  name: text.describe("parameter"),
  shape: z.array(positive).describe("its shape"),
  numel: count.describe("weights"),
  nonzero: count.describe("weights that are not exactly zero"),
});

const resultSchema = z.strictObject({
  epochs: count.describe("epochs done"),
  steps: count.describe("optimiser steps done"),
  trainLoss: z.number().describe("mean cross-entropy on the images trained on, at the end"),
  trainAccuracy: fraction.describe("accuracy on the images trained on, at the end"),
  validationAccuracy: fraction.optional().describe("accuracy on the validation part, at the end"),
  test: z
    .strictObject({ correct: count.describe("right ones"), count: count.describe("images") })
    .optional()
    .describe("on the test part, at the end; only of kind `transfer`"),
  seconds: seconds.describe("RTE: wall seconds of the stage's own work, without data loading and evaluation"),
  denseSeconds: seconds
    .optional()
    .describe("what RTE would be with dense operators: images trained on times the engine's `denseSecondsPerImage`"),
  dataSeconds: seconds.describe("wall seconds spent on input"),
  peakMiB: z.number().min(0).describe("peak resident memory, MiB"),
  modelSha256: sha256.describe("hash of `model.safetensors`"),
  layers: z.array(layerSchema).describe("weights of convolutions and linear layers, in model order"),
  exactZeros: count.optional().describe("weights set exactly to zero by the method"),
  notes: z.array(z.string()).optional().describe("warnings a reader must see; absent if none"),
});

export const runRecordSchema = z
  .strictObject({
    format: z.literal("coppice-run").describe("what this file is"),
    version: z.literal(1).describe("version of this schema"),
    kind: z.enum(["train", "prune", "forget", "transfer"]).describe("stage"),
    name: text.describe("name of the run: its folder's name"),
    status: z.enum(["running", "interrupted", "failed", "finished"]).describe("how it stands"),
    error: z
      .strictObject({ code: text.describe("error code"), message: z.string().describe("error message") })
      .optional()
      .describe("why it failed"),
    startedAt: moment.describe("first start"),
    finishedAt: moment.optional().describe("end"),
    resumedAt: z.array(moment).describe("when it was taken up again, oldest first"),
    resumedWith: z
      .array(z.strictObject({ at: moment.describe("when"), threads: positive.describe("threads of libtorch") }))
      .optional()
      .describe("what it was taken up with, oldest first; absent if never, or by an earlier version"),
    command: z.array(z.string()).min(1).describe("command line that does it again"),
    config: settings.describe("every setting of the stage, defaults included"),
    seed: z.int().min(0).describe("the seed every random generator is derived from"),
    model: modelSchema.describe("the network"),
    data: dataSchema.describe("the data set"),
    split: splitReferenceSchema
      .extend({ baseHash: sha256.describe("content hash of what the original was trained and tested on") })
      .describe("the split, in full in `split.json`"),
    parent: parentSchema.optional().describe("the run this one continues; of Retrain: the original it stands in for"),
    method: methodSchema.optional().describe("the unlearning method; only of kind `forget`"),
    plugins: z
      .array(pluginSchema)
      .optional()
      .describe("definitions that are not built in, of this run and of those before it; absent if none"),
    mask: maskSchema.optional().describe("the mask that held throughout; absent if dense"),
    engine: engineSchema.optional().describe("how the pruned model was computed; absent if dense"),
    files: z
      .record(text, sha256)
      .optional()
      .describe(
        "SHA-256 of each file that a later stage may read beside the model and the split, by its path in the folder; absent until the run is finished, and in runs of earlier versions",
      ),
    result: resultSchema.optional().describe("absent until the run is finished"),
    environment: environmentSchema.describe("what it ran on"),
  })
  .meta({ id: "Run" });

/** The contents of `run.json`. */
export type RunRecord = z.infer<typeof runRecordSchema>;

export const metricLineSchema = z.strictObject({
  epoch: count.describe("epochs done, from 1"),
  step: count.describe("optimiser steps done since the start"),
  learningRate: z.number().min(0).describe("learning rate of the epoch's last step"),
  loss: z.number().describe("mean loss over the epoch's steps, without penalty"),
  accuracy: fraction.describe("accuracy over the epoch's batches, while training"),
  validationAccuracy: fraction.optional().describe("accuracy on the validation part after the epoch"),
  attackSuccess: fraction
    .optional()
    .describe("of a cleanse: attack success rate on the first test images, without the target class"),
  attackSuccessReference: fraction.optional().describe("likewise with the target class"),
  testAccuracy: fraction.optional().describe("of a cleanse: accuracy on the first test images, clean"),
  penalty: z.number().min(0).optional().describe("weight of the l1 penalty in this epoch"),
  zeros: count.optional().describe("weights exactly zero after the epoch"),
  seconds: seconds.describe("wall seconds of the epoch, without evaluation"),
});

/** One line of `metrics.jsonl`: one epoch. */
export type MetricLine = z.infer<typeof metricLineSchema>;
