/** What all stages share: the record and its status, the trainer with its seeds, and what happens when things go wrong. */
import { defined } from "../util/defined.ts";
import type { Module } from "../nn/index.ts";
import type { Mask } from "../prune/index.ts";
import type { MetricLine, RunRecord } from "../record/index.ts";
import { asPluginError, type LoadPlugin } from "../plugins/index.ts";
import { Ensemble, Model } from "../models/index.ts";
import { Generator } from "../torch/index.ts";
import {
  CheckpointFile,
  expectFiniteLoss,
  expectFiniteState,
  Interrupted,
  lowerRate,
  type Progress,
  score,
  Trainer,
} from "../train/index.ts";
import { optionFlag } from "../util/described-options.ts";
import { CoppiceError, messageOf } from "../util/errors.ts";
import { deriveSeed } from "../util/seed.ts";
import type { BatchSource } from "../data/batches.ts";
import { DataContext } from "./data-context.ts";
import type { ForgetSetSummary } from "./forget-set-summary.ts";
import { layersOf, maskRecord, modelRecord, saveModel } from "./model-file.ts";
import { peakMemoryMiB, resetPeakMemory } from "./peak-memory.ts";
import type { RunFolder } from "./run-folder.ts";

/** What surrounds a stage; the command line, the library and experiments give different ones. */
export interface StageContext {
  readonly data: DataContext;
  /** One line a message. */
  readonly log: (message: string) => void;
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
  /** Measured after each epoch and added to its line. For the record alone: nothing that trains sees it. */
  readonly afterEpoch?: (
    model: Module,
  ) => Pick<MetricLine, "attackSuccess" | "attackSuccessReference" | "testAccuracy">;
  /** Told what will be forgotten before anything is written; what it throws stops the stage there. Absent: nobody asks. */
  readonly confirm?: (set: ForgetSetSummary) => Promise<void>;
  /** Loads the file of a definition that a run was made with; absent: such a run is refused unless the definition is there already. */
  readonly loadPlugin?: LoadPlugin;
  /** The command line to be recorded. */
  readonly command: readonly string[];
  /** Where the data of a run that is resumed have moved to. */
  readonly dataFolder?: string;
  /** Replace an earlier run in the folder. */
  readonly force?: boolean;
}

/** A context that says nothing and is never interrupted. */
export function quietContext(overrides: Partial<StageContext> = {}): StageContext {
  return { data: new DataContext(), log: () => undefined, command: ["coppice", "(library)"], ...overrides };
}

export interface TrainingSetup {
  readonly folder: RunFolder;
  readonly context: StageContext;
  readonly model: Module;
  readonly mask: Mask | null;
  readonly seed: number;
  readonly device: string;
  readonly batchSize: number;
  readonly augment: boolean;
  readonly validation: BatchSource | null;
}

/** A trainer that saves to, and resumes from, the run folder's checkpoint. */
export function makeTrainer(setup: TrainingSetup): Trainer {
  const { folder, context, model, mask, seed, batchSize, augment, validation } = setup;
  const trainer = new Trainer({
    model,
    mask,
    batchSize,
    augment,
    generators: {
      order: Generator.seeded(deriveSeed(seed, "order")),
      augment: Generator.seeded(deriveSeed(seed, "augment")),
    },
    checkpoint: new CheckpointFile(folder.file("checkpoint")),
    onNote: (note) => context.log(`note: ${note}`),
    onEpoch: (line) => folder.appendMetric({ ...line, ...context.afterEpoch?.(model) }),
    ...defined({
      validate: validation === null ? undefined : () => score(model, validation).accuracy,
      onStep: context.onProgress,
      signal: context.signal,
    }),
  });
  const { resumedAt } = trainer;
  folder.truncateMetrics(resumedAt === null ? 0 : resumedAt.doneEpochs);
  if (resumedAt !== null) context.log(`resuming after epoch ${resumedAt.epoch}, step ${resumedAt.step}`);
  return trainer;
}

export interface Outcome {
  readonly model: Module;
  readonly mask: Mask | null;
  /** What the stage has made of it. */
  readonly newMask?: Mask;
  /** How its sparsity is spread over layers, where that is known. */
  readonly allocation?: string | undefined;
  readonly trainer: Trainer;
  /** What the model was trained on, for the final loss. */
  readonly trainedOn: BatchSource;
  readonly validation: BatchSource | null;
  readonly exactZeros?: number;
  /** On which the result is scored as well, where no evaluation follows. */
  readonly test?: BatchSource;
}

/**
 * Runs `body` with the record saying "running", and afterwards how it ended: "finished" with the model saved, "interrupted" with
 * a checkpoint, or "failed" with the error. A model of which a weight, a statistic or the loss is not finite is such an error.
 */
export async function runStage(folder: RunFolder, record: RunRecord, body: () => Promise<Outcome>): Promise<RunRecord> {
  resetPeakMemory();
  return await runRecorded(folder, record, async () => {
    const outcome = await body();
    const result = resultOf(folder, record, outcome);
    const { model, newMask, allocation } = outcome;
    const several = model instanceof Ensemble || (record.model.members ?? 1) > 1;
    const made = {
      ...maskRecord(newMask ?? null, allocation),
      ...(several && model instanceof Model ? { model: modelRecord(model) } : {}),
    };
    const files = folder.hashes();
    const finished = { ...record, ...made, status: "finished" as const, finishedAt: now(), files, result };
    folder.writeRecord(finished);
    folder.removeWorkingFiles();
    if (model instanceof Ensemble) model.dispose(); // put together for this run alone
    return finished;
  });
}

/** Runs `body` with the record saying "running"; where it fails or is interrupted, the record says so. */
export async function runRecorded<T>(folder: RunFolder, record: RunRecord, body: () => Promise<T>): Promise<T> {
  folder.writeRecord(record);
  try {
    return await body();
  } catch (thrown) {
    const error = asPluginError(thrown);
    try {
      if (error instanceof Interrupted) folder.writeRecord({ ...record, status: "interrupted" });
      else
        folder.writeRecord({ ...record, status: "failed", error: { code: codeOf(error), message: messageOf(error) } });
    } catch (cause) {
      // A full disk, which may be the error itself: the record goes on to say "running", and the run can be resumed.
      if (!(cause instanceof CoppiceError)) throw cause;
    }
    throw error;
  }
}

function resultOf(folder: RunFolder, record: RunRecord, outcome: Outcome): NonNullable<RunRecord["result"]> {
  const { engine, kind, method } = record;
  const { model, mask, trainer, trainedOn, validation, exactZeros, test } = outcome;
  const [maker, hint] = [method?.name ?? kind, remedyFor(record)];
  expectFiniteState(maker, model, hint);
  const peakMiB = peakMemoryMiB();
  const { epochs, steps, images, seconds, dataSeconds } = trainer.totals;
  const perImage = engine?.name === "sparse" ? engine.denseSecondsPerImage : undefined;
  const { loss, accuracy } = score(model, trainedOn);
  expectFiniteLoss(maker, loss, hint);
  return {
    epochs,
    steps,
    trainLoss: loss,
    trainAccuracy: accuracy,
    ...defined({
      validationAccuracy: validation === null ? undefined : score(model, validation).accuracy,
      test: test && testResult(model, test),
    }),
    seconds: seconds - dataSeconds,
    ...defined({ denseSeconds: perImage === undefined ? undefined : images * perImage }),
    dataSeconds,
    peakMiB,
    modelSha256: saveModel(folder.file("model"), model, outcome.newMask ?? mask),
    layers: layersOf(model),
    ...defined({ exactZeros, notes: trainer.note === undefined ? undefined : [trainer.note] }),
  };
}

/** Options of methods that say how far the weights are moved. */
const strengths = ["lr", "alpha", "lambda", "gamma", "weightDecay", "sam"];

/** What to do where the stage has destroyed the model. */
function remedyFor({ method }: Pick<RunRecord, "method">): string {
  if (method === undefined) return lowerRate;
  const found = strengths.filter((name) => name in method.options).map(optionFlag);
  return found.length === 0 ? "use another method" : `lower ${found.join(" or ")}`;
}

function testResult(model: Module, test: BatchSource): { correct: number; count: number } {
  return { correct: Math.round(score(model, test).accuracy * test.count), count: test.count };
}

function codeOf(error: unknown): string {
  return error instanceof CoppiceError ? error.code : "E_INTERNAL";
}

export function now(): string {
  return new Date().toISOString();
}
