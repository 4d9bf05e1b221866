/** What a method is given, for the small network of the golden fixtures: its data in stored order, batches of 32. */
import type { BatchSource } from "../../src/data/batches.ts";
import type { Model } from "../../src/models/index.ts";
import { Mask } from "../../src/prune/index.ts";
import type { Tensor } from "../../src/torch/index.ts";
import type { MethodContext } from "../../src/unlearn/index.ts";
import { expect } from "vitest";
import { relativeError } from "./compare.ts";
import { contextFor } from "./method-context.ts";
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
  return contextFor({
    model,
    another: () => tinyNet(dtype),
    fresh: () => loadTinyNet("theta_retrain_init", dtype),
    retain: new TensorSource(tinyData("retain", dtype)),
    forget: setting.forget ?? new TensorSource(tinyData("forget", dtype)),
    validation: new TensorSource(tinyData("test", dtype)),
    mask,
    batchSize: setting.batchSize ?? 32,
    epochs,
    lr,
    forgetClasses,
  });
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
