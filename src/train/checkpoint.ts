/** The state of a run in the middle of training: everything the next step depends on, in one file. */
import { existsSync, rmSync } from "node:fs";
import { z } from "zod";
import { loadSafetensors, saveSafetensors, type Tensor, tensorsHash } from "../torch/index.ts";
import { CoppiceError, messageOf } from "../util/errors.ts";
import { canonicalJson } from "../util/hash.ts";

const summarySchema = z.object({
  epochs: z.number(),
  steps: z.number(),
  images: z.number(),
  seconds: z.number(),
  dataSeconds: z.number(),
  loss: z.number(),
  accuracy: z.number(),
});

/** What one call of `fit` did. */
export type FitSummary = z.infer<typeof summarySchema>;

const positionSchema = z.object({
  /** How many calls of `fit` were finished before this one. */
  phase: z.number(),
  finished: z.array(summarySchema),
  /** Within the phase: epochs done, steps done of the next one, and what that epoch has added up so far. */
  epoch: z.number(),
  step: z.number(),
  totalSteps: z.number(),
  lossSum: z.number(),
  correct: z.number(),
  seen: z.number(),
  epochSeconds: z.number(),
  seconds: z.number(),
  dataSeconds: z.number(),
  lastLoss: z.number(),
  lastAccuracy: z.number(),
});

/** Where in the run the state was taken. */
export type Position = z.infer<typeof positionSchema>;

export interface CheckpointState {
  readonly position: Position;
  /** `model.…`, `optimizer.…`, and uint8 `generator.order` (as it was when the epoch began), `generator.augment` (now). */
  readonly tensors: ReadonlyMap<string, Tensor>;
}

export class CheckpointFile {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** Replaces the file, completely or not at all. */
  save({ position, tensors }: CheckpointState): void {
    const text = canonicalJson(position);
    saveSafetensors(this.path, tensors, { position: text, sha256: tensorsHash(text, tensors) });
  }

  /**
   * The saved state, or null when there is none.
   * @throws CoppiceError E_CHECKPOINT when the file is damaged, torn or tampered with.
   */
  load(): CheckpointState | null {
    if (!existsSync(this.path)) return null;
    const { tensors, metadata } = loadSafetensors(this.path);
    const text = metadata["position"] ?? "";
    if (metadata["sha256"] !== tensorsHash(text, tensors))
      throw this.#damaged("contents with their recorded hash, got others");
    try {
      return { position: positionSchema.parse(JSON.parse(text)), tensors };
    } catch (error) {
      throw this.#damaged(`a position in training, got ${messageOf(error)}`);
    }
  }

  remove(): void {
    rmSync(this.path, { force: true });
  }

  #damaged(what: string): CoppiceError {
    return new CoppiceError("E_CHECKPOINT", `${this.path}: expected ${what}`, {
      hint: "the checkpoint is damaged: delete it to start this stage again",
    });
  }
}
