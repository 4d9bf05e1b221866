/** What all optimisers share: the parameters, the learning rate, state per parameter and its exact saving and loading. */
import { keep, noGrad, scope, tensor, zerosLike } from "../torch/index.ts";
import type { Tensor } from "../torch/index.ts";
import { expectNonNegative } from "../util/assert.ts";
import { CoppiceError, invariant } from "../util/errors.ts";

/** Parameters by name (`model.namedParameters()`), or in order (`model.parameters()`), then named `0`, `1`, … */
export type ParameterList = ReadonlyMap<string, Tensor> | readonly Tensor[];

/** State of one parameter; made at its first update, so a parameter that never had a gradient has none. */
export interface Slot {
  /** Updates so far, the current one included. */
  steps: number;
  readonly buffers: ReadonlyMap<string, Tensor>;
}

export abstract class Optimizer {
  readonly #parameters: ReadonlyMap<string, Tensor>;
  readonly #bufferNames: readonly string[];
  readonly #slots = new Map<string, Slot>();
  #lr = 0;

  /** @param bufferNames tensors of the parameter's shape that the method carries from step to step */
  constructor(parameters: ParameterList, lr: number, bufferNames: readonly string[]) {
    this.#parameters = parameters instanceof Map ? parameters : byIndex(parameters as readonly Tensor[]);
    this.#bufferNames = bufferNames;
    this.lr = lr;
    if (this.#parameters.size === 0) {
      throw new CoppiceError("E_ARG", "optimizer: expected at least one parameter, got none");
    }
  }

  /** Learning rate of the next step, ≥ 0. */
  get lr(): number {
    return this.#lr;
  }

  set lr(value: number) {
    expectNonNegative("lr", value);
    this.#lr = value;
  }

  /** One update in place of every parameter that has a gradient; the gradients themselves are left as they are. */
  step(): void {
    noGrad(() => {
      for (const [name, parameter] of this.#parameters) scope(() => this.#update(name, parameter));
    });
  }

  /** Forgets the gradients of the optimiser's parameters. */
  zeroGrad(): void {
    for (const parameter of this.#parameters.values()) parameter.grad = null;
  }

  /**
   * Everything the next steps depend on, besides the settings: `steps` (int64, updates of each parameter in order) and
   * `<parameter>.<buffer>` for each parameter updated so far. The buffers are the optimiser's own tensors, not copies.
   */
  stateTensors(): Map<string, Tensor> {
    const steps = [...this.#parameters.keys()].map((name) => this.#slots.get(name)?.steps ?? 0);
    const state = new Map([["steps", tensor(BigInt64Array.from(steps, BigInt))]]);
    for (const [name, { buffers }] of this.#slots) {
      for (const [buffer, value] of buffers) state.set(`${name}.${buffer}`, value);
    }
    return state;
  }

  /**
   * Copies a state given by `stateTensors` of an optimiser with the same settings and parameters: the next steps are
   * then those that the other would have made.
   * @throws CoppiceError E_CHECKPOINT listing the entries that are missing, unexpected or of another shape; then nothing was changed.
   */
  loadStateTensors(state: ReadonlyMap<string, Tensor>): void {
    const steps = stepCounts(state.get("steps"), this.#parameters.size);
    const updated = [...this.#parameters].filter((_, i) => (steps[i] ?? 0) > 0);
    const expected = new Map(
      updated.flatMap(([name, parameter]) => this.#bufferNames.map((buffer) => [`${name}.${buffer}`, parameter.shape])),
    );
    checkState(expected, state);
    noGrad(() => {
      this.#clear();
      [...this.#parameters].forEach(([name, parameter], i) => {
        if (!steps[i]) return;
        const slot = this.#makeSlot(name, parameter);
        slot.steps = steps[i];
        for (const [buffer, own] of slot.buffers) own.copy_(find(state, `${name}.${buffer}`));
      });
    });
  }

  /** Frees the state; the parameters stay. */
  dispose(): void {
    this.#clear();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Updates `parameter` in place; runs without recording, and its temporaries are freed. `slot.steps` is 1 at the first update. */
  protected abstract update(parameter: Tensor, gradient: Tensor, slot: Slot): void;

  #update(name: string, parameter: Tensor): void {
    const gradient = parameter.grad;
    if (gradient === null) return;
    const slot = this.#slots.get(name) ?? this.#makeSlot(name, parameter);
    slot.steps++;
    this.update(parameter, gradient, slot);
  }

  #makeSlot(name: string, parameter: Tensor): Slot {
    const buffers = new Map(this.#bufferNames.map((buffer) => [buffer, keep(zerosLike(parameter))]));
    const slot = { steps: 0, buffers };
    this.#slots.set(name, slot);
    return slot;
  }

  #clear(): void {
    for (const { buffers } of this.#slots.values()) for (const buffer of buffers.values()) buffer.dispose();
    this.#slots.clear();
  }
}

/** The buffer a slot must have. */
export function bufferOf(slot: Slot, name: string): Tensor {
  return find(slot.buffers, name);
}

function find(tensors: ReadonlyMap<string, Tensor>, name: string): Tensor {
  const found = tensors.get(name);
  invariant(found, `no optimiser state ${name}`);
  return found;
}

function byIndex(parameters: readonly Tensor[]): Map<string, Tensor> {
  return new Map(parameters.map((parameter, i) => [String(i), parameter]));
}

function stepCounts(steps: Tensor | undefined, count: number): number[] {
  if (steps?.dtype === "int64" && steps.dim() === 1 && steps.numel === count) return steps.toArray();
  const got = steps === undefined ? "none" : `${steps.dtype} [${steps.shape.join(", ")}]`;
  throw new CoppiceError("E_CHECKPOINT", `optimizer state: expected "steps" as int64 [${count}], got ${got}`);
}

function checkState(expected: ReadonlyMap<string, readonly number[]>, given: ReadonlyMap<string, Tensor>): void {
  const problems: string[] = [];
  for (const [name, shape] of expected) {
    const got = given.get(name)?.shape.join(", ");
    if (got !== shape.join(", ")) {
      problems.push(`${name}: expected [${shape.join(", ")}], got ${got === undefined ? "nothing" : `[${got}]`}`);
    }
  }
  for (const name of given.keys()) {
    if (name !== "steps" && !expected.has(name)) problems.push(`${name}: expected nothing, got a tensor`);
  }
  if (problems.length === 0) return;
  const sentence = "optimizer state: expected that of an optimizer with the same settings and parameters";
  throw new CoppiceError("E_CHECKPOINT", `${sentence}, got\n  ${problems.join("\n  ")}`);
}
