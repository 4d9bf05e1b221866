/** What a destroyed model is told by: weights, statistics or outputs that are not finite. */
import type { Module } from "../nn/index.ts";
import { firstNotFinite, type Tensor } from "../torch/index.ts";
import { CoppiceError } from "../util/errors.ts";

/** What a training that diverged is told. */
export const lowerRate = "lower the learning rate (--lr) or the penalty";

/**
 * Refuses a model of which a parameter or buffer holds NaN or an infinite value.
 * @param where what has made it, for the error @param hint what to do about it
 * @throws CoppiceError E_CONFIG naming the first one
 */
export function expectFiniteState(where: string, model: Module, hint: string = lowerRate): void {
  const name = firstNotFinite(model.stateDict());
  if (name === null) return;
  throw new CoppiceError(
    "E_CONFIG",
    `${where}: expected finite weights and statistics, got NaN or infinity in ${name}`,
    {
      hint: `the model is destroyed: ${hint}`,
    },
  );
}

/** The error of a training whose loss is not finite in a step. @param place epoch and step from 0 */
export function divergedAt(
  loss: number,
  { epoch, step, learningRate }: { readonly epoch: number; readonly step: number; readonly learningRate: number },
): CoppiceError {
  const where = `epoch ${epoch + 1}, step ${step + 1}`;
  return new CoppiceError(
    "E_CONFIG",
    `training: expected a finite loss, got ${loss} at ${where} with learning rate ${learningRate}`,
    { hint: `${lowerRate}; the last checkpoint is untouched` },
  );
}

/** Likewise a loss. @throws CoppiceError E_CONFIG */
export function expectFiniteLoss(where: string, loss: number, hint: string = lowerRate): void {
  if (Number.isFinite(loss)) return;
  throw new CoppiceError("E_CONFIG", `${where}: expected a finite loss on the images trained on, got ${loss}`, {
    hint: `the model is destroyed, although its weights are finite: ${hint}`,
  });
}

/**
 * Refuses outputs of which no class can be read.
 * @param logits_MK [M, K] @throws CoppiceError E_CONFIG
 */
export function expectFiniteLogits(logits_MK: Tensor): void {
  if (firstNotFinite(new Map([["logits", logits_MK]])) === null) return;
  throw new CoppiceError("E_CONFIG", "prediction: expected finite outputs of the model, got NaN or infinity", {
    hint: `the model is destroyed: make it again, and ${lowerRate}`,
  });
}
