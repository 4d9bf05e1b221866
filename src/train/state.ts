/** Gathers what a step depends on into a checkpoint, and puts it back. */
import type { Module } from "../nn/index.ts";
import type { Optimizer } from "../optim/index.ts";
import { type Generator, type Tensor, tensor } from "../torch/index.ts";
import { CoppiceError } from "../util/errors.ts";
import type { CheckpointState, Position } from "./checkpoint.ts";

export interface Parts {
  readonly model: Module;
  readonly optimizer: Optimizer;
  readonly order: Generator;
  readonly augment: Generator;
}

/** @param orderState the order generator's state when the epoch began: the epoch's order is drawn again from it */
export function snapshot(position: Position, parts: Parts, orderState: Uint8Array): CheckpointState {
  const tensors = new Map<string, Tensor>();
  for (const [name, value] of parts.model.stateDict()) tensors.set(`model.${name}`, value);
  for (const [name, value] of parts.optimizer.stateTensors()) tensors.set(`optimizer.${name}`, value);
  tensors.set("generator.order", tensor(orderState));
  tensors.set("generator.augment", tensor(parts.augment.getState()));
  return { position, tensors };
}

/** @throws CoppiceError E_CHECKPOINT when the checkpoint was taken of another model or optimiser. */
export function restore({ tensors }: CheckpointState, parts: Parts): void {
  const group = (prefix: string): Map<string, Tensor> =>
    new Map(
      [...tensors]
        .filter(([name]) => name.startsWith(prefix))
        .map(([name, value]) => [name.slice(prefix.length), value]),
    );
  parts.model.loadStateDict(group("model."));
  parts.optimizer.loadStateTensors(group("optimizer."));
  const generators = group("generator.");
  for (const name of ["order", "augment"] as const) {
    const state = generators.get(name);
    if (state === undefined) throw new CoppiceError("E_CHECKPOINT", `checkpoint: expected generator.${name}, got none`);
    parts[name].setState(Uint8Array.from(state.data() as Uint8Array));
  }
}
