/** The model that a transfer starts from, and what becomes of it: the same network with a new last layer. */
import { HEAD, type Model } from "../../models/index.ts";
import { Mask } from "../../prune/index.ts";
import type { RunRecord } from "../../record/index.ts";
import { disposeAll, loadSafetensors } from "../../torch/index.ts";
import { CoppiceError } from "../../util/errors.ts";
import { wayTo } from "../../util/places.ts";
import { expectFiniteFile, freshModel, normalizationOf, specOf } from "../model-file.ts";
import { checkClassCount } from "../parent.ts";
import { type FinishedRecord, RunFolder } from "../run-folder.ts";

export interface SourceModel {
  readonly path: string;
  readonly record: FinishedRecord;
  /** Its file of weights. */
  readonly file: string;
  /** How a record in the folder `out` names it. */
  readonly parentIn: (out: string) => NonNullable<RunRecord["parent"]>;
}

/** Opens a finished run without its data. @throws CoppiceError when it is not finished, was changed, or cannot be transferred */
export function openSource(path: string): SourceModel {
  const folder = RunFolder.open(path);
  const record = folder.requireFinished();
  checkSource(path, record);
  expectFiniteFile(folder.file("model"));
  return {
    path,
    record,
    file: folder.file("model"),
    parentIn: (out) => ({
      path: wayTo(out, folder.path),
      name: record.name,
      modelSha256: record.result.modelSha256,
    }),
  };
}

/** @throws CoppiceError E_CHECKPOINT when the model is of another number of classes than its data, E_CONFIG for an ensemble, or what was transferred before */
export function checkSource(path: string, { kind, model, data }: Pick<RunRecord, "kind" | "model" | "data">): void {
  checkClassCount(path, { model, data });
  const { members = 1 } = model;
  const got =
    members > 1 ? `an ensemble of ${members}` : kind === "transfer" ? "one that was transferred already" : null;
  if (got === null) return;
  throw new CoppiceError("E_CONFIG", `${path}: expected a source of one network, as it was trained, got ${got}`, {
    hint: "transfer from a run of `coppice train`, `prune` or `forget`",
  });
}

export interface TransferModel {
  readonly model: Model;
  /** The source's, without the last layer. */
  readonly mask: Mask | null;
}

/** The source's network with its weights and normalisation, and a last layer for `numClasses` classes drawn from `seed`. */
export function replaceHead(
  { record, file }: SourceModel,
  numClasses: number,
  { seed, device }: { readonly seed: number; readonly device: string },
): TransferModel {
  const model = freshModel({ ...specOf(record.model, normalizationOf(record.model, file)), numClasses }, seed, device);
  const { tensors } = loadSafetensors(file);
  const isHead = (name: string): boolean => name.startsWith(`${HEAD}.`);
  const own = model.stateDict();
  const mask = Mask.fromState(tensors)?.on(new Set([...own.keys()].filter((name) => !isHead(name)))) ?? null;
  const source = [...tensors].filter(([name]) => own.has(name) && !isHead(name));
  model.loadStateDict(new Map([...source, ...[...own].filter(([name]) => isHead(name))]));
  disposeAll(tensors);
  mask?.apply(model);
  return { model, mask };
}
