import { describe, expect, it } from "vitest";
import { methodRows, omp, presets, scaleOf, seedsOf } from "../../../src/recipes/scale.ts";
import { methods } from "../../../src/unlearn/index.ts";

describe("a scale", () => {
  it("trains as the paper does at `paper` and `standard`, on less at `quick`", () => {
    const [quick, standard, paper] = presets.map((preset) => scaleOf(preset));
    expect(paper?.train.recipe).toMatchObject({ epochs: 182, batchSize: 256, lr: 0.1 });
    expect(standard?.train).toEqual({
      ...paper?.train,
      recipe: { ...paper?.train.recipe, epochs: 60 },
      rewindEpoch: 3,
    });
    expect(quick?.train).toMatchObject({ arch: "resnet20s", data: { name: "cifar10", numTrain: 1000 } });
  });

  it("sets options of methods that there are, and only such as they have", () => {
    for (const preset of presets) {
      for (const [name, options] of Object.entries(scaleOf(preset).options)) {
        const method = methods.find((each) => each.name === name);
        expect(Object.keys(options).filter((option) => !(option in (method?.options ?? {})))).toEqual([]);
      }
    }
  });

  it("has its own number of seeds, from 1 on, unless one is given", () => {
    expect(presets.map((preset) => seedsOf({ preset }).length)).toEqual([2, 3, 10]);
    expect(seedsOf({ preset: "paper", seeds: 3 })).toEqual([1, 2, 3]);
  });
});

it("names pruned models by their sparsity", () => {
  expect(omp(0.995)).toEqual({ id: "omp995", label: "OMP 99.5 %", prune: { pruner: "omp", sparsity: 0.995 } });
});

it("has rows by the paper's names, with the options of the scale", () => {
  const scale = scaleOf("quick");
  expect(methodRows(scale, ["finetune", "scrub"])).toEqual([
    { method: "finetune", label: "FT", options: { epochs: 5, lr: 0.02 } },
    { method: "scrub", options: scale.options["scrub"] },
  ]);
});
