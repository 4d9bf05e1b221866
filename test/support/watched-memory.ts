/** What is held of native memory while something runs, counted and not guessed from the process's size. */
import { setImmediate } from "node:timers";
import { vi } from "vitest";
import { liveTensors, Tensor, type TypedArray } from "../../src/torch/index.ts";
import { Operator } from "../../src/torch/operator.ts";
import { collectGarbage } from "./collect-garbage.ts";

export interface HeldMemory {
  /** The most live handles at any operator call, above those at the start. */
  readonly handles: number;
  /** The most bytes seen by `data()` without a turn of the event loop: until then nobody can free them. */
  readonly pinned: number;
  /** Live handles above those at the start that are there for good, when garbage has been collected. */
  readonly left: number;
}

/** Runs `body` and gives what it held at the most. */
export async function heldBy(body: () => unknown): Promise<HeldMemory> {
  await collectGarbage(); // what earlier work has left would be freed meanwhile, and hide what this work holds
  const start = liveTensors();
  let [handles, pinned, now] = [0, 0, 0];
  const invoke = ownMethod(Operator.prototype, "invoke") as (this: Operator, ...given: unknown[]) => unknown;
  const data = ownMethod(Tensor.prototype, "data") as (this: Tensor) => TypedArray;
  const operators = vi.spyOn(Operator.prototype, "invoke").mockImplementation(function (this: Operator, ...given) {
    const result = invoke.apply(this, given);
    handles = Math.max(handles, liveTensors() - start);
    return result;
  });
  const views = vi.spyOn(Tensor.prototype, "data").mockImplementation(function (this: Tensor) {
    const view = data.call(this);
    if (now === 0) setImmediate(() => (now = 0));
    now += view.byteLength;
    pinned = Math.max(pinned, now);
    return view;
  });
  try {
    await body();
  } finally {
    operators.mockRestore();
    views.mockRestore();
  }
  await collectGarbage(() => liveTensors() <= start);
  return { handles, pinned, left: liveTensors() - start };
}

/** The method itself, to be called on any object of the class. */
function ownMethod(prototype: object, name: string): unknown {
  return Object.getOwnPropertyDescriptor(prototype, name)?.value;
}
