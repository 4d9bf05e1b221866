import { join } from "node:path";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { Model } from "../../../src/models/index.ts";
import { prunerNamed, prunableWeights } from "../../../src/prune/index.ts";
import type { PruneConfig } from "../../../src/record/index.ts";
import { part } from "../../../src/stages/data-context.ts";
import { quietContext, RunFolder } from "../../../src/stages/index.ts";
import { freshModel, loadMask, specOf } from "../../../src/stages/model-file.ts";
import { openParent, type Parent } from "../../../src/stages/parent.ts";
import {
  allocationRequest,
  kindsOf,
  makeMask,
  prunerContext,
  pruningRecipe,
  rewindOf,
  setWeights,
  sparsitiesOf,
} from "../../../src/stages/pruning.ts";
import { loadSafetensors, scope } from "../../../src/torch/index.ts";
import type { BatchSource } from "../../../src/data/batches.ts";
import { folderOfRuns, pruneTiny, tinyPruning, tinyTraining, trainTiny } from "../../support/tiny-runs.ts";

const runs = folderOfRuns();
const [original, pruned] = [join(runs, "original"), join(runs, "pruned")];
const config: PruneConfig = tinyPruning(original);
let parent: Parent;
let model: Model;
let images: BatchSource;

beforeAll(async () => {
  await trainTiny(original);
  await pruneTiny(original, pruned);
  parent = await openParent(original, config, quietContext());
  model = freshModel(specOf(parent.record.model, parent.loaded.dataset), 99, "cpu");
  images = part(parent.loaded, parent.folder.readSplit(), "train");
});

const valuesOf = (of: Model): number[][] => [...of.stateDict().values()].map((value) => value.toArray());
const valuesIn = (file: string): number[][] =>
  [...loadSafetensors(file).tensors.values()].map((value) => value.toArray());

describe("the original's weights", () => {
  it("are those of its end, of its rewind epoch, or of its start", () => {
    setWeights(model, "final", parent);
    expect(valuesOf(model)).toEqual(valuesIn(parent.folder.file("model")));
    setWeights(model, "epoch", parent);
    expect(valuesOf(model)).toEqual(valuesIn(parent.folder.file("rewind")));
    setWeights(model, "initial", parent);
    using initial = freshModel(model.spec, tinyTraining.seed, "cpu");
    expect(valuesOf(model)).toEqual(valuesOf(initial));
  });
});

describe("what a pruner may look at", () => {
  it("is the same images for the same seed, so many of each class", () => {
    const labels = (seed: number): number[] =>
      scope(() =>
        prunerContext(model, images, { ...config, seed })
          .images(2)
          .labels.toArray(),
      );
    const pixels = (seed: number): number[] =>
      scope(() =>
        prunerContext(model, images, { ...config, seed })
          .images(2)
          .images.toArray(),
      );
    expect(labels(1)).toEqual([0, 0, 1, 1, 2, 2, 3, 3]);
    expect(pixels(1)).toEqual(pixels(1));
    expect(pixels(1)).not.toEqual(pixels(2));
  });

  it("is which layers are pruned", () => {
    expect(prunerContext(model, images, config).layers).toBeUndefined();
    expect(prunerContext(model, images, { ...config, layers: "conv+linear" }).layers).toBe("conv+linear");
    expect([kindsOf(undefined), kindsOf("conv"), kindsOf("conv+linear")]).toEqual([
      "convolution weights",
      "convolution weights",
      "convolution and linear weights",
    ]);
  });
});

describe("the budget of multiplications", () => {
  it("is twice the share of weights that stay, and never more than all, unless one is given", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 0.99, noNaN: true }), (sparsity) => {
        const { flops, outputPixels } = allocationRequest("global", { sparsity }, model);
        expect(flops).toBeCloseTo(Math.min(1, 2 - 2 * sparsity), 12);
        expect(outputPixels.size).toBe(0);
        expect(allocationRequest("global", { sparsity, flops: 0.3 }, model).flops).toBe(0.3);
      }),
    );
  });

  it("is counted where the allocation asks for it: convolutions on large maps cost more", () => {
    const { outputPixels } = allocationRequest("flops", config, model);
    expect([...outputPixels.keys()]).toEqual(expect.arrayContaining([...prunableWeights(model).keys()]));
    expect([outputPixels.get("conv1.weight"), outputPixels.get("layer3.0.conv2.weight")]).toEqual([32 * 32, 8 * 8]);
  });
});

describe("rounds", () => {
  it("are one, of a pruner that trains once", () => {
    for (const pruner of ["omp", "snip", "synflow"])
      expect(sparsitiesOf({ ...config, pruner, sparsity: 0.9, rate: 0.5 }, model)).toEqual([0.9]);
  });

  it("remove the rate of what is left each, up to the sparsity that is asked for", () => {
    const rates = fc.record({
      sparsity: fc.double({ min: 0.05, max: 0.98, noNaN: true }),
      rate: fc.double({ min: 0.1, max: 0.9, noNaN: true }),
    });
    fc.assert(
      fc.property(rates, ({ sparsity, rate }) => {
        const sparsities = sparsitiesOf({ ...config, pruner: "imp", sparsity, rate }, model);
        expect(sparsities.at(-1)).toBe(sparsity);
        for (const [i, value] of sparsities.slice(0, -1).entries()) {
          expect(value).toBeCloseTo(1 - (1 - rate) ** (i + 1), 3);
          expect(value).toBeLessThan(sparsity);
        }
        const last = 1 - (1 - (sparsities.at(-2) ?? 0)) * (1 - rate);
        expect(sparsity).toBeLessThan(last + 0.06);
      }),
      { numRuns: 100 },
    );
  });

  it("remove a fifth each where no rate is given", () => {
    const sparsities = sparsitiesOf({ ...config, pruner: "imp", sparsity: 0.488 }, model);
    expect(sparsities.map((value) => value.toFixed(3))).toEqual(["0.200", "0.360", "0.488"]);
  });
});

describe("where training under the mask starts", () => {
  const how = { recipe: { ...tinyTraining.recipe, epochs: 182 }, rewindEpoch: 8 };
  it.each<[string, Pick<PruneConfig, "rewind" | "epochs">, object]>([
    ["omp", {}, { at: "epoch", from: 8, epochs: 174 }],
    ["snip", {}, { at: "initial", from: 0, epochs: 182 }],
    ["snip", { rewind: "epoch" }, { at: "epoch", from: 8, epochs: 174 }],
    ["omp", { rewind: "final" }, { at: "final", from: 0, epochs: 182 }],
    ["omp", { rewind: "initial", epochs: 3 }, { at: "initial", from: 0, epochs: 3 }],
    ["omp", { epochs: 0 }, { at: "epoch", from: 8, epochs: 0 }],
  ])("of %s with %j is %j", (pruner, changes, expected) => {
    expect(rewindOf(changes, prunerNamed(pruner), how)).toEqual(expected);
  });
});

describe("a mask", () => {
  it("is that of the pruned run, when it is made again from the same weights and images", () => {
    setWeights(model, "final", parent);
    const recipe = pruningRecipe(config, tinyTraining, model);
    expect(recipe).toMatchObject({ rounds: 1, trainsFirst: true, rewindTo: 1, from: 1, epochs: 1 });
    const made = recipe.mask(model, images, 0, null);
    expect(made.hash).toBe(loadMask(RunFolder.open(pruned).file("model"))?.hash);
    made.dispose();
  });

  it("of a later round lies inside the one before it", () => {
    setWeights(model, "final", parent);
    const recipe = pruningRecipe({ ...config, pruner: "imp", sparsity: 0.75, rate: 0.5 }, tinyTraining, model);
    expect(recipe.rounds).toBe(2);
    const first = recipe.mask(model, images, 0, null);
    setWeights(model, "initial", parent);
    const second = recipe.mask(model, images, 1, first);
    expect([first.sparsity, second.sparsity]).toEqual([expect.closeTo(0.5, 3), expect.closeTo(0.75, 3)]);
    scope(() => {
      const [outer, inner] = [first.toState(), second.toState()];
      for (const [name, kept] of inner) {
        const allowed = outer.get(name)?.toArray() ?? [];
        expect(
          kept.toArray().filter((lives, i) => lives > (allowed[i] ?? 0)),
          name,
        ).toEqual([]);
      }
    });
  });

  it("of a pruner that scores initial weights starts there", () => {
    const recipe = pruningRecipe({ ...config, pruner: "snip" }, tinyTraining, model);
    expect(recipe).toMatchObject({ trainsFirst: false, rewindTo: "initial", from: 0, epochs: 2 });
  });

  it("keeps a weight in every layer where that is asked for, and of the linear layer where it is pruned too", () => {
    setWeights(model, "final", parent);
    const sparse = { ...config, pruner: "random", sparsity: 0.9999 };
    const least = (settings: PruneConfig): number => {
      const mask = makeMask(model, images, settings);
      return Math.min(...mask.layers.map(({ nonzero }) => nonzero));
    };
    expect([least(sparse), least({ ...sparse, keepConnected: true })]).toEqual([0, 1]);
    expect(makeMask(model, images, config).names).not.toContain("fc.weight");
    expect(makeMask(model, images, { ...config, layers: "conv+linear" }).names).toContain("fc.weight");
  });

  it("is told step by step where a pruner takes several", () => {
    const told: string[] = [];
    makeMask(
      model,
      images,
      { ...config, pruner: "omp" },
      { onStep: (step, steps) => void told.push(`${step}/${steps}`) },
    );
    expect(told).toEqual(["0/1"]);
  });
});
