/** One trial as a job: the method with some options on what it may see, scored, its weights thrown away. */
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type TuningScores, tuningScores } from "../evaluate/index.ts";
import { trialResultSchema } from "../record/index.ts";
import type { SplitManifest } from "../record/split.ts";
import { Interrupted, predict, type Prediction } from "../train/index.ts";
import { pluginsInKey } from "../plugins/index.ts";
import type { OptionValues } from "../unlearn/index.ts";
import { defined } from "../util/defined.ts";
import { makeFolder, readJson, writeJson } from "../util/files.ts";
import { jsonHash } from "../util/hash.ts";
import { part } from "../stages/data-context.ts";
import { forgetOptions, forgetStage } from "../stages/forget.ts";
import { codeVersion } from "../jobs/code-version.ts";
import type { Job } from "../jobs/job.ts";
import type { JobStore } from "../jobs/job-store.ts";
import { openModel } from "../stages/open-model.ts";
import { openParent, type Parent } from "../stages/parent.ts";
import { startOrResume } from "../stages/resume.ts";
import type { StageContext } from "../stages/stage.ts";
import type { PreparedTune } from "./prepare.ts";

const result = "trial.json";

/** The model as it is, scored. */
export function originalJob(tune: PreparedTune): Job {
  const { parent } = tune;
  return {
    key: keyOf(tune, "original"),
    title: "the model as it is",
    after: [],
    perform: async (path, _folderOf, context) => {
      writeScores(path, await scoreModel(parent, tune.split, tune, context));
    },
  };
}

/** The method with `options`, of which those that are not given are as without a search. */
export function trialJob(tune: PreparedTune, options: OptionValues, title: string): Job {
  const config = { ...tune.forget, options };
  return {
    key: keyOf(tune, forgetOptions(config, tune.parent, tune.split).options),
    title,
    after: [],
    perform: async (path, _folderOf, context) => {
      if (existsSync(join(path, result))) return; // stopped between its score and the end
      const folder = join(path, "run");
      try {
        await startOrResume(folder, (started) => forgetStage(config, folder, started), context);
        const run = await openParent(folder, config, context);
        writeScores(path, await scoreModel(run, tune.split, tune, context));
        rmSync(run.folder.file("model"));
      } catch (error) {
        // What was stopped goes on from its weights; what failed leaves none behind.
        if (!(error instanceof Interrupted) && context.signal?.aborted !== true) {
          rmSync(folder, { recursive: true, force: true });
        }
        throw error;
      }
    },
  };
}

export function scoresOf(store: JobStore, job: Job): TuningScores {
  return readJson(join(store.folderOf(job.key), result), trialResultSchema).scores;
}

function writeScores(path: string, scores: TuningScores): void {
  makeFolder(path);
  writeJson(join(path, result), { scores });
}

/** Everything a score depends on. */
function keyOf({ config, parent, split }: PreparedTune, what: OptionValues | "original"): string {
  const { method, batchSize, seed, engine, precision, device } = config;
  const how = what === "original" ? {} : { method, options: what, batchSize, seed, ...pluginsInKey({ method }) };
  const settings = {
    ...how,
    engine,
    precision,
    device,
    split: split.hash,
    model: parent.record.result.modelSha256,
  };
  return `tune-${jsonHash({ kind: "tune", settings: defined(settings), code: codeVersion("tune") }).slice(0, 20)}`;
}

async function scoreModel(
  run: Parent,
  split: SplitManifest,
  { config }: PreparedTune,
  { log, signal }: StageContext,
): Promise<TuningScores> {
  const { engine, device } = config;
  const { loaded } = run;
  using opened = await openModel(run, { engine, device, normalization: loaded.dataset, log });
  const { model } = opened;
  const options = defined({ signal });
  // The membership attack learns from as many retained images as there are others: more need not be predicted.
  const some = {
    ...split,
    indices: { ...split.indices, retain: split.indices.retain.slice(0, split.indices.validation.length) },
  };
  const names = ["forget", "retain", "withheld", "validation"] as const;
  const predictions: Prediction[] = [];
  try {
    for (const name of names) predictions.push(await predict(model, part(loaded, some, name), options));
    const [forget, retain, withheld, neverSeen] = predictions as [Prediction, Prediction, Prediction, Prediction];
    const forgetClasses = split.scenario.kind === "class" ? split.scenario.classes : [];
    return tuningScores({ forget, retain, withheld, neverSeen, forgetClasses });
  } finally {
    for (const { logits, labels } of predictions) {
      logits.dispose();
      labels.dispose();
    }
  }
}
