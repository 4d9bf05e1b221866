/** However long a pruner, a method or a detector works, it holds no more of native memory at any time than for a short work. */
import { describe, expect, it } from "vitest";
import { someOfEachClass } from "../../src/data/index.ts";
import { type Detector, detectors } from "../../src/detect/index.ts";
import { type Allocation, allocations, maskBy, type Pruner, pruners } from "../../src/prune/index.ts";
import { Generator, keep, liveTensors, scope, ones } from "../../src/torch/index.ts";
import { type Method, methods, type OptionValue, resolveOptions } from "../../src/unlearn/index.ts";
import { loadTinyNet, tinyData } from "../support/tiny-net.ts";
import { tinyContext } from "../support/tiny-unlearning.ts";
import { TensorSource } from "../support/tensor-source.ts";
import { type HeldMemory, heldBy } from "../support/watched-memory.ts";

describe("what is held", () => {
  const repeat = (times: number, work: () => unknown) => (): void => {
    for (let i = 0; i < times; i++) work();
  };

  it("is more where a loop leaves handles, or views of native memory, until the event loop turns", async () => {
    const few = await heldBy(repeat(2, () => ones([9]).add(1)));
    const many = await heldBy(repeat(7, () => ones([9]).add(1)));
    expect(many.handles - few.handles).toBe(10);
    const view = (): unknown => scope(() => ones([9]).data());
    expect([(await heldBy(repeat(2, view))).pinned, (await heldBy(repeat(7, view))).pinned]).toEqual([72, 252]);
  });

  it("is what stays for good at the end, and nothing of what is garbage", async () => {
    const kept: unknown[] = [];
    expect((await heldBy(repeat(3, () => kept.push(keep(ones([9])))))).left).toBe(3);
    expect((await heldBy(repeat(3, () => ones([9])))).left).toBe(0);
  });
});

describe("a pruner", () => {
  async function steps(
    pruner: Pruner,
    allocation: Allocation,
    count: number,
  ): Promise<HeldMemory & { live: number[] }> {
    const model = loadTinyNet("theta_o", "float32");
    const source = new TensorSource(tinyData("retain", "float32"));
    const generator = Generator.seeded(1);
    const images = (perClass: number): ReturnType<TensorSource["take"]> => someOfEachClass(source, perClass, generator);
    const outputPixels = new Map([...model.namedParameters().keys()].map((name) => [name, 64]));
    const request = { sparsity: 0.5, flops: 1, outputPixels };
    // n:m knows a few sparsities only, and the earlier steps have others.
    const half: Allocation = { ...allocation, mask: (scores) => allocation.mask(scores, request) };
    const live: number[] = [];
    const held = await heldBy(() => {
      const tell = (): number => live.push(liveTensors());
      maskBy({ ...pruner, steps: count }, { model, images, generator }, { allocation: half, request }, tell).dispose();
    });
    return { ...held, live };
  }

  it.each(
    pruners.flatMap((pruner) => allocations.map((spread) => [pruner.name, spread.name, pruner, spread] as const)),
  )("holds the same in each of its steps, and no views: %s, %s", async (_, __, pruner, allocation) => {
    const { live, pinned, left } = await steps(pruner, allocation, 5);
    expect(live).toEqual(Array(5).fill(live[0]));
    expect([pinned, left]).toEqual([0, 0]);
  });
});

/** Options that say how long a method works: of a short and of a long work. */
const lengths: Readonly<Record<string, readonly [OptionValue, OptionValue]>> = {
  epochs: [4, 8],
  iterations: [4, 16],
  rounds: [1, 4],
  noiseSteps: [2, 9],
};
/** All others as small as can be. */
const small: Readonly<Record<string, OptionValue>> = {
  maxEpochs: 1,
  samples: 8,
  noiseImages: 4,
  noiseRepeats: 1,
  shards: 1,
  slices: 1,
};
/** What grows by design: the order of the forget batches of each epoch, and what the test's store keeps in memory in place of files. */
const more: Readonly<Record<string, number>> = { "neggrad-plus": 4, "i-bau": 3 };

describe("a method", () => {
  async function forgetting(method: Method, length: 0 | 1): Promise<HeldMemory> {
    const { name, options } = method;
    const chosen = Object.entries(lengths).map(([option, values]) => [option, values[length]] as const);
    const given = Object.fromEntries([...chosen, ...Object.entries(small)].filter(([option]) => option in options));
    const all = resolveOptions(name, options, given, { epochs: lengths["epochs"]?.[length] as number, lr: 0.01 });
    const context = tinyContext({ dtype: "float32", forgetClasses: [3] });
    return await heldBy(() => method.run(context, all));
  }

  it.each(methods.map((method) => [method.name, method] as const))(
    "holds no more in long work than in short work: %s",
    async (name, method) => {
      const [short, long] = [await forgetting(method, 0), await forgetting(method, 1)];
      expect(short.handles).toBeGreaterThan(0);
      expect(long.handles).toBeLessThanOrEqual(short.handles + (more[name] ?? 0));
      expect(long.pinned).toBeLessThanOrEqual(short.pinned);
    },
  );
});

describe("a detector", () => {
  async function detecting(detector: Detector, times: number): Promise<HeldMemory> {
    const { images, labels } = tinyData("retain", "float32");
    const count = times * 40;
    const source = new TensorSource({ images: images.narrow(0, 0, count), labels: labels.narrow(0, 0, count) });
    const model = loadTinyNet("theta_o", "float32").eval();
    const context = {
      model,
      train: source,
      heldOut: () => source,
      generator: Generator.seeded(1),
      log: () => undefined,
    };
    return await heldBy(() => detector.run(context, resolveOptions(detector.name, detector.options, {}, {})));
  }

  it.each(detectors.map((detector) => [detector.name, detector] as const))(
    "holds no more for more images: %s",
    async (_, detector) => {
      const [few, many] = [await detecting(detector, 1), await detecting(detector, 3)];
      expect(few.handles).toBeGreaterThan(0);
      expect(many.handles).toBeLessThanOrEqual(few.handles);
      expect([many.pinned, many.left]).toEqual([0, 0]);
    },
  );
});
