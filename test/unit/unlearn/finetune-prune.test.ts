/** Gradual pruning against the golden trajectories, and the sparsity that it reaches. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { finetunePrune, pruneSmallest } from "../../../src/unlearn/finetune-prune.ts";
import { readGoldenJson } from "../../support/golden.ts";
import { readGoldenTraining } from "../../support/golden-training.ts";
import { relativeError } from "../../support/compare.ts";
import { contextFor } from "../../support/method-context.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { TensorSource } from "../../support/tensor-source.ts";
import { readGoldenState, tinyNet } from "../../support/tiny-net.ts";
import { expectState, tinyContext } from "../../support/tiny-unlearning.ts";
import {
  combined,
  expectHead,
  gradientOf,
  headOf,
  linearContext,
  linearNet,
  rowsOf,
} from "../../support/linear-unlearning.ts";
import type { Model } from "../../../src/models/index.ts";
import type { Mask } from "../../../src/prune/index.ts";
import type { MethodContext } from "../../../src/unlearn/index.ts";
import { CheckpointFile, type CheckpointState } from "../../../src/train/checkpoint.ts";
import { Trainer } from "../../../src/train/index.ts";
import { Generator, noGrad, type Tensor, tensor } from "../../../src/torch/index.ts";

const options = { lr: 0.01, momentum: 0.9, weightDecay: 5e-4, sparsity: 0.9 };

describe("fine-tuning with gradual pruning", () => {
  it.each(["FT_prune_bi", "FT_prune_bi_odd"])("%s ends where the reference ends", async (fixture) => {
    const { training, batchSize, settings, tolerance } = readGoldenTraining(`unlearn/${fixture}.json`);
    const context = tinyContext({ batchSize });
    const sparsity = settings["rate"] ?? NaN;
    const { mask } = await finetunePrune.run(context, { ...training, sparsity, variant: "reference" });
    const state = readGoldenState(`unlearn/${fixture}.f64.safetensors`, "final/");
    const expected = new Map(
      [...state].flatMap(([name, value]) => {
        if (name.endsWith("_mask")) return [];
        const original = name.replace(/_orig$/, "");
        const kept = state.get(`${original}_mask`);
        return [[original, kept === undefined ? value : value.mul(kept.to("float64"))] as const];
      }),
    );
    expectState(context.model, expected, tolerance.float64);
    const { final_sparsity } = readGoldenJson<{ final_sparsity: number }>(`unlearn/${fixture}.json`);
    expect(mask?.sparsity).toBeCloseTo(final_sparsity, 12);
  });

  it.each([3, 4, 5])("reaches the sparsity in %s epochs", async (epochs) => {
    const { mask, exactZeros } = await finetunePrune.run(tinyContext(), { ...options, epochs, variant: "exact" });
    expect(mask?.sparsity).toBeCloseTo(0.9, 3);
    expect(exactZeros).toBe(3672 - (mask?.nonzero ?? 0));
  });
});

interface PruningFixture {
  readonly settings: Readonly<Record<"images" | "batch" | "lr" | "momentum" | "weight_decay" | "rate", number>>;
  readonly runs: readonly {
    readonly epochs: number;
    /** Zeros and ones of each convolution: of the first pruning, as it would be of weights one step old, and at the end. */
    readonly first_mask: Readonly<Record<string, string>>;
    readonly stale_mask: Readonly<Record<string, string>>;
    readonly mask: Readonly<Record<string, string>>;
    readonly final: Readonly<Record<string, readonly number[]>>;
  }[];
}

const path = new URL("../../golden/unlearn/finetune_prune.json", import.meta.url);
const { settings, runs } = JSON.parse(readFileSync(path, "utf8")) as PruningFixture;

/** The network and the images of make_finetune_prune.py. */
function sineContext(): MethodContext {
  const model = tinyNet("float64");
  noGrad(() =>
    [...model.namedParameters()].forEach(([name, parameter], k) => {
      if (name.startsWith("bn")) return;
      const values = Array.from({ length: parameter.numel }, (_, i) => 0.3 * Math.sin(0.7 * (i + 1) + 1.3 * k));
      parameter.copy_(tensor(values, { shape: parameter.shape, dtype: "float64" }));
    }),
  );
  const { images, batch: batchSize, lr } = settings;
  const size = 3 * 16 * 16;
  const pixels = Array.from({ length: images * size }, (_, t) => {
    return 0.5 + 0.4 * Math.sin(0.013 * t + 0.9 * Math.floor(t / size));
  });
  const source = new TensorSource({
    images: tensor(pixels, { shape: [images, 3, 16, 16], dtype: "float64" }),
    labels: tensor(BigInt64Array.from({ length: images }, (_, n) => BigInt(n % 10))),
  });
  const other = (): Model => tinyNet("float64");
  const data = { retain: source, forget: source, validation: source };
  return contextFor({ model, another: other, fresh: other, ...data, batchSize, epochs: 1, lr });
}

const bits = (mask: Mask | undefined): Record<string, string> =>
  Object.fromEntries(
    [...(mask?.toState() ?? [])].map(([name, kept]) => [
      name.replace("_mask", ""),
      kept.toArray().map(Number).join(""),
    ]),
  );

describe("gradual pruning as published", () => {
  const { lr, momentum, weight_decay: weightDecay, rate: sparsity } = settings;

  it.each(runs)(
    "first ranks the weights as they are, then as they were a step before, in $epochs epochs",
    async (run) => {
      const context = sineContext();
      const how = { epochs: run.epochs, lr, momentum, weightDecay, sparsity, variant: "reference" } as const;
      const { mask } = await finetunePrune.run(context, how);
      expect(bits(mask)).toEqual(run.mask);
      const state = context.model.stateDict();
      for (const [name, values] of Object.entries(run.final)) {
        expect(relativeError(state.get(name)?.toArray() ?? [], values), name).toBeLessThan(1e-9);
      }
    },
  );

  it("is tested by cases in which weights a step old give another first mask", () => {
    expect(runs.map(({ epochs }) => epochs)).toEqual([3, 5]);
    for (const { first_mask, stale_mask } of runs) expect(first_mask).not.toEqual(stale_mask);
    expect(runs[0]?.mask).toEqual(runs[0]?.first_mask);
  });
});

/** Saves after every step, and dies after the last one of the second epoch. */
class DyingCheckpoint extends CheckpointFile {
  override save(state: CheckpointState): void {
    super.save(state);
    const { phase, step } = state.position;
    if (phase === 2 && step === settings.images / settings.batch) throw new TypeError("killed");
  }
}

describe("gradual pruning that was interrupted", () => {
  const how = { epochs: 4, lr: 0.2, momentum: 0.9, weightDecay: 5e-4, sparsity: 0.8, variant: "reference" } as const;
  const trainerOf = (model: Model, checkpoint: CheckpointFile): Trainer => {
    const generators = { order: Generator.seeded(1), augment: Generator.seeded(1) };
    const { batch: batchSize } = settings;
    return new Trainer({
      model,
      generators,
      batchSize,
      augment: false,
      shuffle: false,
      checkpoint,
      checkpointSeconds: 0,
    });
  };

  it("ranks the weights of before the interruption when it goes on", async () => {
    const whole = sineContext();
    const { mask } = await finetunePrune.run(whole, how);
    const path = join(temporaryFolder(), "checkpoint.safetensors");
    const first = sineContext();
    const dying = { ...first, trainer: trainerOf(first.model, new DyingCheckpoint(path)) };
    await expect(finetunePrune.run(dying, how)).rejects.toThrow("killed");
    const second = { ...sineContext(), snapshots: first.snapshots };
    const going = { ...second, trainer: trainerOf(second.model, new CheckpointFile(path)) };
    const resumed = await finetunePrune.run(going, how);
    expect(bits(resumed.mask)).toEqual(bits(mask));
    const values = (model: Model): number[][] => [...model.stateDict().values()].map((value) => value.toArray());
    expect(values(second.model)).toEqual(values(whole.model));
  });
});

describe("gradual pruning of a network that is linear", () => {
  it("takes the smallest weights of the convolution, and counts from those that are left", () => {
    const model = linearNet("convolution");
    const weight = model.namedParameters().get("conv.weight") as Tensor;
    // Of sizes 1 to 45 in order, with either sign by turns.
    const values = Array.from({ length: 45 }, (_, i) => (i % 2 === 0 ? -1 : 1) * (i + 1));
    noGrad(() => weight.copy_(tensor(values, { shape: [5, 1, 3, 3], dtype: "float64" })));
    const living = (): number[] => weight.toArray().filter((value) => value !== 0);
    pruneSmallest(model, 1 / 3);
    expect(living()).toEqual(values.slice(15));
    pruneSmallest(model, 0.5);
    expect(living()).toEqual(values.slice(30));
  });

  it("fine-tunes in between, what is pruned staying zero", async () => {
    const context = linearContext({ kind: "convolution" });
    const { model, retain } = context;
    const start = headOf(model);
    const { exactZeros, mask } = await finetunePrune.run(context, {
      ...{ epochs: 1, lr: 0.1, momentum: 0, weightDecay: 0, sparsity: 0.8, variant: "exact" },
    });
    expect([exactZeros, mask?.nonzero]).toEqual([36, 9]);
    // The features of the first step are those of the pruned kernels.
    const pruned = linearNet("convolution");
    pruneSmallest(pruned, 0.8);
    expectHead(model, combined([1, start], [-0.1, gradientOf(start, rowsOf(pruned, retain))]));
    const kept = (net: Model): boolean[] =>
      (net.namedParameters().get("conv.weight")?.toArray() ?? []).map((w) => w !== 0);
    expect(kept(model)).toEqual(kept(pruned));
  });
});
