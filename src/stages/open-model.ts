/** A finished run's model, ready to be used: its weights under their mask, on the engine that suits it. */
import type { Model } from "../models/index.ts";
import { evaluationMode } from "../nn/index.ts";
import type { Mask } from "../prune/index.ts";
import { type LoadPlugin, requirePlugins } from "../plugins/index.ts";
import { chooseEngine, applyEngine, type Engine, type EngineChoice, type Precision } from "../sparse/index.ts";
import { noGrad, type Tensor } from "../torch/index.ts";
import { defined } from "../util/defined.ts";
import { type Normalization, readModel } from "./model-file.ts";
import { type FinishedRecord, RunFolder } from "./run-folder.ts";

export interface OpenModelOptions {
  /** How a pruned model is computed. Default `auto`: on its live weights alone where that is faster on this machine, which is measured once and kept. */
  readonly engine?: Engine | undefined;
  /** Of activations on the sparse engine. Default `float32`. */
  readonly precision?: Precision | undefined;
  /** `cpu` or `cuda`. Default `cpu`. */
  readonly device?: string | undefined;
  /** Of the images; default what lies beside the weights. */
  readonly normalization?: Normalization | undefined;
  /** Told what takes its time. Default: nobody. */
  readonly log?: ((message: string) => void) | undefined;
  /** Loads the file of a definition that the run was made with. Default: such a run is refused unless the definition is there already. */
  readonly loadPlugin?: LoadPlugin | undefined;
}

/** A run that is known to be finished and unchanged. */
export interface FinishedRun {
  readonly folder: RunFolder;
  readonly record: FinishedRecord;
}

export class OpenModel implements Disposable {
  /** In evaluation mode. On the sparse engine its convolutions hold their live weights only. */
  readonly model: Model;
  /** What was pruned; null of a dense model. */
  readonly mask: Mask | null;
  /** How it is computed; null of a dense model, where there is nothing to choose. */
  readonly engine: EngineChoice | null;
  /** The run's record. */
  readonly record: FinishedRecord;
  /** By label. */
  readonly classNames: readonly string[];

  constructor(parts: Pick<OpenModel, "model" | "mask" | "engine" | "record">) {
    this.model = parts.model;
    this.mask = parts.mask;
    this.engine = parts.engine;
    this.record = parts.record;
    this.classNames = parts.record.data.classNames;
  }

  /**
   * Logits, float32 [N, K], in evaluation mode and without gradients; the caller owns them.
   * @param images float32 [N, C, H, W] in [0, 1] on the model's device; the model normalises them
   * @throws CoppiceError E_SHAPE for images of other channels
   */
  call(images: Tensor): Tensor {
    using _mode = evaluationMode(this.model);
    return noGrad(() => this.model.call(images));
  }

  [Symbol.dispose](): void {
    this.model.dispose();
    this.mask?.dispose();
  }
}

/**
 * Opens the model of a finished run.
 * @param run its folder, or the run as it is open already
 * @throws CoppiceError E_CHECKPOINT when the folder holds no run, or one that is not finished or was changed; E_CONFIG when the sparse engine is
 *   demanded and cannot run the model
 */
export async function openModel(run: string | FinishedRun, options: OpenModelOptions = {}): Promise<OpenModel> {
  const { engine = "auto", precision, device = "cpu", normalization, log, loadPlugin } = options;
  const { folder, record } = typeof run === "string" ? openFinished(run) : run;
  await requirePlugins(record.plugins, folder.path, loadPlugin);
  const { model: dense, mask } = readModel(folder, record, { device, normalization });
  const choice = await chooseEngine(engine, dense, mask, { precision, ...defined({ log }) });
  const { model } = applyEngine(choice, dense, mask);
  return new OpenModel({ model: model.eval(), mask, engine: choice, record });
}

function openFinished(path: string): FinishedRun {
  const folder = RunFolder.open(path);
  return { folder, record: folder.requireFinished() };
}
