/** What a method is given, for a network and data at hand: the data in stored order. */
import type { BatchSource } from "../../src/data/batches.ts";
import { multiStep, sgd } from "../../src/optim/index.ts";
import type { Model } from "../../src/models/index.ts";
import type { Mask } from "../../src/prune/index.ts";
import { copyAll, Generator, type Tensor } from "../../src/torch/index.ts";
import { sha256Hex } from "../../src/util/hash.ts";
import { Trainer } from "../../src/train/index.ts";
import type { MethodContext, OriginalTraining, StateStore } from "../../src/unlearn/index.ts";
import { expect } from "vitest";

export interface ContextSetting {
  readonly model: Model;
  /** Another of its kind, whatever its weights. */
  readonly another: () => Model;
  /** A newly initialised one. */
  readonly fresh: () => Model;
  readonly retain: BatchSource;
  readonly forget: BatchSource;
  readonly validation: BatchSource;
  readonly mask?: Mask | null;
  readonly batchSize: number;
  readonly epochs: number;
  readonly lr: number;
  readonly forgetClasses?: readonly number[];
}

export function contextFor(setting: ContextSetting): MethodContext {
  const { model, another, fresh, retain, forget, validation, mask = null, batchSize, epochs, lr } = setting;
  const generators = { order: Generator.seeded(1), augment: Generator.seeded(1) };
  return {
    model,
    trainer: new Trainer({ model, mask, generators, batchSize, augment: false, shuffle: false }),
    mask,
    log: () => undefined,
    snapshots: memoryStore(),
    validation,
    forgetClasses: setting.forgetClasses ?? [],
    generator: Generator.seeded(7),
    retain,
    forget,
    original: {
      recipe: {
        epochs,
        lr,
        momentum: 0.9,
        weightDecay: 5e-4,
        fit: (parameters) => ({
          optimizer: sgd(parameters, { lr, momentum: 0.9, weightDecay: 5e-4 }),
          schedule: multiStep({ lr, milestones: [91, 136] }),
        }),
      },
      imageIndices: indicesOf(retain.count, forget.count),
      pruning: null,
      sharding: null,
      slices: memoryStore(),
      identity: sha256Hex("tiny"),
    },
    copy: () => {
      const copy = another();
      copy.loadStateDict(model.stateDict());
      return frozen(copy);
    },
    fresh: () => frozen(fresh()),
  };
}

/** Weights kept by name in memory. */
export function memoryStore(): StateStore {
  const states = new Map<string, Map<string, Tensor>>();
  return {
    has: (name) => states.has(name),
    save: (name, state) => void states.set(name, copyAll(state)),
    load: (name) => copyAll(states.get(name) ?? expect.fail(`no state ${name}`)),
  };
}

function indicesOf(retain: number, forget: number): OriginalTraining["imageIndices"] {
  const from = (start: number, count: number): number[] => Array.from({ length: count }, (_, i) => start + i);
  return { retain: from(0, retain), forget: from(retain, forget) };
}

function frozen(model: Model): Model {
  for (const parameter of model.parameters()) parameter.requiresGrad = false;
  model.eval();
  return model;
}
