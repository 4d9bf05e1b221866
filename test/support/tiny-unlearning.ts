/** What a method is given, for the small network of the golden fixtures: its data in stored order, batches of 32. */
import type { BatchSource } from "../../src/data/batches.ts";
import { multiStep, sgd } from "../../src/optim/index.ts";
import type { Model } from "../../src/models/index.ts";
import { Mask } from "../../src/prune/index.ts";
import { Generator, keep, type Tensor } from "../../src/torch/index.ts";
import { sha256Hex } from "../../src/util/hash.ts";
import { Trainer } from "../../src/train/index.ts";
import type { MethodContext, StateStore } from "../../src/unlearn/index.ts";
import { expect } from "vitest";
import { relativeError } from "./compare.ts";
import { TensorSource } from "./tensor-source.ts";
import { loadTinyNet, readGoldenState, tinyData, tinyNet, type TinyDType, type TinyWeights } from "./tiny-net.ts";

export interface TinySetting {
  readonly dtype?: TinyDType;
  readonly start?: TinyWeights;
  readonly mask?: Mask | null;
  readonly epochs?: number;
  readonly lr?: number;
  readonly forgetClasses?: readonly number[];
  readonly forget?: BatchSource;
  readonly batchSize?: number;
}

export function tinyContext(setting: TinySetting = {}): MethodContext {
  const { dtype = "float64", start = "theta_o", mask = null, epochs = 1, lr = 0.01, forgetClasses = [] } = setting;
  const model = loadTinyNet(start, dtype);
  mask?.apply(model);
  const generators = { order: Generator.seeded(1), augment: Generator.seeded(1) };
  const batchSize = setting.batchSize ?? 32;
  const trainer = new Trainer({ model, mask, generators, batchSize, augment: false, shuffle: false });
  return {
    model,
    trainer,
    mask,
    log: () => undefined,
    positions: positionsOf(64 * 2, 64),
    pruning: null,
    sharding: null,
    snapshots: memoryStore(),
    slices: memoryStore(),
    identity: sha256Hex("tiny"),
    validation: new TensorSource(tinyData("test", dtype)),
    forgetClasses,
    generator: Generator.seeded(7),
    retain: new TensorSource(tinyData("retain", dtype)),
    forget: setting.forget ?? new TensorSource(tinyData("forget", dtype)),
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
    copy: () => {
      const copy = tinyNet(dtype);
      copy.loadStateDict(model.stateDict());
      return frozen(copy);
    },
    fresh: () => frozen(loadTinyNet("theta_retrain_init", dtype)),
  };
}

/** Weights kept by name in memory. */
export function memoryStore(): StateStore {
  const states = new Map<string, Map<string, Tensor>>();
  const copy = (state: ReadonlyMap<string, Tensor>): Map<string, Tensor> =>
    new Map([...state].map(([name, value]) => [name, keep(value.detach().clone())]));
  return {
    has: (name) => states.has(name),
    save: (name, state) => void states.set(name, copy(state)),
    load: (name) => copy(states.get(name) ?? expect.fail(`no state ${name}`)),
  };
}

function positionsOf(retain: number, forget: number): MethodContext["positions"] {
  const from = (start: number, count: number): number[] => Array.from({ length: count }, (_, i) => start + i);
  return { retain: from(0, retain), forget: from(retain, forget) };
}

function frozen(model: Model): Model {
  for (const parameter of model.parameters()) parameter.requiresGrad = false;
  model.eval();
  return model;
}

/** The mask among the tensors of a fixture (`conv1.weight_mask`). */
export function maskAmong(state: ReadonlyMap<string, Tensor>): Mask {
  const masks = [...state].filter(([name]) => name.endsWith("_mask"));
  return Mask.of(new Map(masks.map(([name, value]) => [name.slice(0, -"_mask".length), value])));
}

/** The labels of unlearn/relabel.safetensors, one epoch's after another's. */
export function storedLabels(): () => Tensor {
  const labels = readGoldenState("unlearn/relabel.safetensors");
  let epoch = 0;
  return () => labels.get(`epoch${epoch++}`) as Tensor;
}

/** Every tensor of the fixture within `tolerance` of the model's of that name. */
export function expectState(model: Model, expected: ReadonlyMap<string, Tensor>, tolerance: number): void {
  const state = model.stateDict();
  expect(expected.size).toBeGreaterThan(0);
  for (const [name, value] of expected) {
    const ours = state.get(name);
    expect(ours, name).toBeDefined();
    if (ours !== undefined) expect(relativeError(ours.detach(), value), name).toBeLessThanOrEqual(tolerance);
  }
}

/** Likewise of lists of tensors by parameter name. */
export function expectTensors(
  ours: ReadonlyMap<string, Tensor>,
  expected: ReadonlyMap<string, Tensor>,
  tolerance: number,
): void {
  expect(expected.size).toBeGreaterThan(0);
  for (const [name, value] of expected) {
    expect(relativeError(ours.get(name) as Tensor, value), name).toBeLessThanOrEqual(tolerance);
  }
}
