/** Models on disk: weights and mask in one safetensors file, the description in the run's record. */
import { defined } from "../util/defined.ts";
import { architectureRegistry, createModel, type Model, type ModelSpec } from "../models/index.ts";
import type { Module } from "../nn/index.ts";
import { countNonzero, Mask } from "../prune/index.ts";
import type { RunRecord } from "../record/index.ts";
import {
  disposeAll,
  firstNotFinite,
  Generator,
  loadSafetensors,
  saveSafetensors,
  type Tensor,
} from "../torch/index.ts";
import { CoppiceError } from "../util/errors.ts";
import { hashFileSync } from "../util/hash.ts";
import { deriveSeed } from "../util/seed.ts";
import type { ImageDataset } from "../data/dataset.ts";
import type { RunFolder } from "./run-folder.ts";

type ModelRecord = RunRecord["model"];

/** A new model on `device` whose weights depend on `seed` alone. */
export function freshModel(spec: ModelSpec, seed: number, device: string): Model {
  using generator = Generator.seeded(deriveSeed(seed, "init"));
  return createModel(spec, generator).to(device) as Model;
}

/** The spec of a run's model; the normalisation is the data set's, and comes with the weights too. */
export function specOf(model: ModelRecord, { mean, std }: Pick<ImageDataset, "mean" | "std">): ModelSpec {
  const { arch, numClasses, inChannels, imageSize, stem, members = 1 } = model;
  return { arch, numClasses, inChannels, imageSize, stem, members, normalize: { mean, std } };
}

export function modelRecord(model: Model): ModelRecord {
  const { arch, numClasses, inChannels, imageSize, stem, members } = model.spec;
  const numParameters = model.parameters().reduce((sum, parameter) => sum + parameter.numel, 0);
  const several = members === 1 ? {} : { members };
  const { mean, std } = model.spec.normalize;
  const own = architectureRegistry.isBuiltIn(arch) ? {} : { normalize: { mean: [...mean], std: [...std] } };
  return { arch, numClasses, inChannels, imageSize, stem, ...several, numParameters, ...own };
}

/** Writes weights, buffers and mask; gives the file's SHA-256. */
export function saveModel(path: string, model: Module, mask: Mask | null): string {
  const masks = mask?.toState() ?? new Map<string, Tensor>();
  saveSafetensors(path, new Map([...model.stateDict(), ...masks]), { format: "coppice-model" });
  disposeAll(masks);
  return hashFileSync(path);
}

/**
 * Puts the weights of a file into `model` and gives its mask.
 * @throws CoppiceError E_CHECKPOINT when the file is damaged, of another architecture, or holds what is not finite.
 */
export function loadModel(path: string, model: Module): Mask | null {
  const { tensors } = loadSafetensors(path);
  expectFiniteTensors(path, tensors);
  const mask = Mask.fromState(tensors);
  const weights = new Map(
    [...tensors].filter(([name]) => mask === null || !mask.names.some((masked) => name === `${masked}_mask`)),
  );
  try {
    model.loadStateDict(weights);
  } catch (error) {
    throw ofOtherModel(path, error);
  } finally {
    disposeAll(tensors);
  }
  return mask;
}

/** The network knows no file: its error is told with the one that was read. */
function ofOtherModel(path: string, error: unknown): unknown {
  if (!(error instanceof CoppiceError)) return error;
  return new CoppiceError(
    "E_CHECKPOINT",
    `${path}: expected the weights of the model that run.json describes, got others: ${error.message}`,
    {
      hint: "the file is of another run: restore it, or make the run again",
      cause: error,
    },
  );
}

/** Reads the file once for it. @throws CoppiceError E_CHECKPOINT when it is damaged, or a weight or statistic in it is NaN or infinite */
export function expectFiniteFile(path: string): void {
  const { tensors } = loadSafetensors(path);
  expectFiniteTensors(path, tensors);
  disposeAll(tensors);
}

function expectFiniteTensors(path: string, tensors: ReadonlyMap<string, Tensor>): void {
  const name = firstNotFinite(tensors);
  if (name === null) return;
  throw new CoppiceError(
    "E_CHECKPOINT",
    `${path}: expected finite weights and statistics, got NaN or infinity in ${name}`,
    {
      hint: "the run that made it has destroyed the model: make it again with a lower --lr",
    },
  );
}

/** Mean and standard deviation of each channel of images in [0, 1]. */
export type Normalization = Pick<ImageDataset, "mean" | "std">;

/**
 * The network of a finished run with its weights, its mask applied.
 * @param normalization the data set's; default that of the record or beside the weights, there rounded to float32
 * @throws CoppiceError E_CHECKPOINT when the file is damaged, of another architecture, or without the normalisation that is not given
 */
export function readModel(
  folder: RunFolder,
  { model: described }: Pick<RunRecord, "model">,
  { device, normalization }: { readonly device: string; readonly normalization?: Normalization | undefined },
): { readonly model: Model; readonly mask: Mask | null } {
  const path = folder.file("model");
  const model = freshModel(specOf(described, normalization ?? normalizationOf(described, path)), 0, device);
  const mask = loadModel(path, model);
  mask?.apply(model);
  const { numParameters } = modelRecord(model);
  if (numParameters !== described.numParameters) {
    throw new CoppiceError(
      "E_CHECKPOINT",
      `${folder.file("record")}: expected a model of ${numParameters} parameters, as its architecture has, got ${described.numParameters}`,
      { hint: "the record was changed: restore it, or make the run again" },
    );
  }
  return { model, mask };
}

/** Of a model with its weights at `path`. @throws CoppiceError E_CHECKPOINT when neither record nor weights have it */
export function normalizationOf({ normalize }: Pick<ModelRecord, "normalize">, path: string): Normalization {
  return normalize ?? normalizationIn(path);
}

/** Of an ensemble that of its first network: all were trained on the same images. */
export function normalizationIn(path: string): Normalization {
  const { tensors } = loadSafetensors(path);
  const [mean, std] = ["mean", "std"].map(
    (name) => [...tensors].find(([key]) => key === `normalize.${name}` || key.endsWith(`.normalize.${name}`))?.[1],
  );
  const found = mean === undefined || std === undefined ? null : { mean: mean.toArray(), std: std.toArray() };
  disposeAll(tensors);
  if (found !== null) return found;
  throw new CoppiceError("E_CHECKPOINT", `${path}: expected weights with normalize.mean and normalize.std, got none`, {
    hint: "an architecture normalises images by a layer Normalize that it registers as normalize",
  });
}

/** The mask of a file alone, null when it has none. @throws CoppiceError E_CHECKPOINT when the file is damaged. */
export function loadMask(path: string): Mask | null {
  const { tensors } = loadSafetensors(path);
  const mask = Mask.fromState(tensors);
  disposeAll(tensors);
  return mask;
}

/** Share of zeros among the convolution weights: how sparse a model really is. */
export function layersOf(model: Module): NonNullable<RunRecord["result"]>["layers"] {
  return countNonzero(model);
}

/** Share of zeros among convolution weights, from a record's layers. */
export function sparsityOf(record: RunRecord): number {
  const layers = record.result?.layers.filter(({ shape }) => shape.length === 4) ?? [];
  const total = layers.reduce((sum, { numel }) => sum + numel, 0);
  const nonzero = layers.reduce((sum, layer) => sum + layer.nonzero, 0);
  return total === 0 ? 0 : 1 - nonzero / total;
}

export function maskRecord(mask: Mask | null, allocation?: string): Pick<RunRecord, "mask"> {
  if (mask === null) return {};
  return { mask: { sparsity: mask.sparsity, ...defined({ allocation }), layers: mask.layers } };
}
