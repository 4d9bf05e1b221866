/** The scores of a run's model on a split, of which the images to forget may be gone: then what can be measured still. */
import {
  type EvaluationMetrics,
  evaluateLogits,
  type Guessing,
  guessing,
  retainAccuracy,
  runTime,
  testAccuracy,
} from "../evaluate/index.ts";
import type { EvaluateConfig, EvaluationRecord } from "../record/index.ts";
import type { SplitManifest } from "../record/split.ts";
import type { EngineChoice } from "../sparse/index.ts";
import { predict, type Prediction } from "../train/index.ts";
import { defined } from "../util/defined.ts";
import { type LoadedData, part, presentForget, testPart } from "./data-context.ts";
import { openModel } from "./open-model.ts";
import type { Parent } from "./parent.ts";
import type { StageContext } from "./stage.ts";

/** What takes images to forget to measure. */
export type ForgetScores = Pick<EvaluationMetrics, "UA" | "MIA">;

export interface Scored {
  /** Without UA and MIA where no image to forget is left, and they are unknown. */
  readonly metrics: EvaluationRecord["metrics"];
  readonly notes: readonly string[];
  /** Null where none is left. The caller frees it. */
  readonly forget: Prediction | null;
  readonly guess: Guessing;
  readonly engine: EngineChoice | null;
}

interface Scoring {
  readonly run: Parent;
  readonly split: SplitManifest;
  readonly config: EvaluateConfig;
  /** Of an earlier evaluation of the same weights on the same split, for where no image to forget is left. */
  readonly known?: ForgetScores | undefined;
}

export async function scoreRun({ run, split, config, known }: Scoring, context: StageContext): Promise<Scored> {
  const { loaded, record } = run;
  const { device } = config;
  const opening = { engine: config.engine, device, normalization: loaded.dataset, log: context.log };
  using opened = await openModel(run, opening);
  const { model, engine } = opened;
  if (engine !== null) context.log(`${record.name}: ${engine.name} engine, ${engine.reason}`);
  const options = defined({ signal: context.signal });
  const isAnyLeft = presentForget(loaded, split).length > 0;
  const forget = isAnyLeft ? await predict(model, part(loaded, split, "forget"), options) : null;
  const retain = await predict(model, part(loaded, split, "retain"), options);
  const test = await predict(model, testPart(loaded, split), options);
  const { seconds, denseSeconds } = record.result;
  const { metrics, notes } =
    forget === null
      ? { metrics: { ...known, ...retained({ retain, test, seconds }) }, notes: [] }
      : await evaluateLogits({ forget, retain, test, seconds }, options);
  const RTE = { ...metrics.RTE, ...defined({ denseSeconds }) };
  const guess = guessing({ retain, test });
  for (const { logits, labels } of [retain, test]) {
    logits.dispose();
    labels.dispose();
  }
  return { metrics: { ...metrics, RTE }, notes, forget, guess, engine };
}

interface Retained {
  readonly retain: Prediction;
  readonly test: Prediction;
  readonly seconds: number;
}

function retained({ retain, test, seconds }: Retained): Omit<EvaluationMetrics, "UA" | "MIA"> {
  return { RA: retainAccuracy.measure(retain), TA: testAccuracy.measure(test), RTE: runTime.measure(seconds) };
}

/** That images to forget are gone, and what UA and MIA are therefore of; undefined where all are there. */
export function goneForgetNote(loaded: LoadedData, split: SplitManifest, known?: ForgetScores): string | undefined {
  const all = split.indices.forget.length;
  const left = presentForget(loaded, split).length;
  if (left === all) return undefined;
  if (left > 0)
    return `Of the ${all} images to forget ${all - left} are gone: UA and MIA are those of the other ${left}.`;
  if (known !== undefined)
    return "The images to forget are gone: UA and MIA are those of an earlier evaluation of these weights.";
  return "The images to forget are gone, and these weights were not evaluated before: UA and MIA cannot be measured any more.";
}
