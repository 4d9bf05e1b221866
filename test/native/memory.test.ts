/** Nothing stays alive that nobody holds, and nothing dies that somebody uses: docs/explanation/native.md, "Memory". */
import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { crossEntropy, Linear } from "../../src/nn/index.ts";
import { sgd } from "../../src/optim/index.ts";
import {
  empty,
  fromTypedArray,
  Generator,
  keep,
  liveTensors,
  noGrad,
  ones,
  randint,
  randn,
  scope,
  type Tensor,
  zeros,
} from "../../src/torch/index.ts";
import { collectGarbage } from "../support/collect-garbage.ts";
import { thrownBy } from "../support/thrown-by.ts";

/** A small classifier; `step` is one training step on fresh data. */
function training(): { step: () => number } {
  const generator = Generator.seeded(1);
  const model = new Linear({ inFeatures: 20, outFeatures: 5 }, generator);
  const optimizer = sgd(model.namedParameters(), { lr: 0.1, momentum: 0.9, weightDecay: 5e-4 });
  const step = (): number =>
    scope(() => {
      const images = randn([16, 20], { generator });
      const labels = randint(0, 5, [16], { generator });
      optimizer.zeroGrad();
      const loss = crossEntropy(model.call(images).relu(), labels);
      loss.backward();
      optimizer.step();
      return loss.item();
    });
  return { step };
}

describe("the number of live tensors", () => {
  it("is after 200 training steps what it was after 10", () => {
    const { step } = training();
    for (let i = 0; i < 10; i++) step();
    const after10 = liveTensors();
    for (let i = 10; i < 200; i++) step();
    expect(liveTensors()).toBe(after10);
  });

  it("is after a thousand errors what it was before", () => {
    const { step } = training();
    step();
    const x = ones([2, 3]);
    const before = liveTensors();
    const failures: (() => unknown)[] = [
      () => scope(() => x.add(1).mm(x)),
      () => scope(() => step() && x.mul(2).backward()),
      () => noGrad(() => scope(() => [x.add(1), x.reshape([7])])),
      () => x.mm(x), // outside of any scope: the error comes before any result
    ];
    for (let i = 0; i < 1000; i++) {
      const failure = failures[i % failures.length];
      if (failure !== undefined) expect(thrownBy(failure).code).toBe("E_NATIVE");
    }
    expect(liveTensors()).toBe(before);
  });

  it("falls when the collector finds tensors that nobody holds", async () => {
    await collectGarbage();
    const before = liveTensors();
    (() => {
      for (let i = 0; i < 100; i++) ones([10]);
      scope(() => keep(ones([10])));
      scope(() => ones([10]));
    })();
    expect(liveTensors()).toBe(before + 102);
    await collectGarbage(() => liveTensors() === before);
    expect(liveTensors()).toBe(before);
  });

  it("counts no tensor twice when it was disposed before it was collected", async () => {
    await collectGarbage();
    const before = liveTensors();
    const held = ones([4]);
    (() => {
      for (let i = 0; i < 100; i++) ones([10]).dispose();
    })();
    const others = Array.from({ length: 100 }, () => ones([10])); // in the slots just freed
    await collectGarbage();
    expect(liveTensors()).toBe(before + 101);
    for (const tensor of others) expect(tensor.sum().item()).toBe(10);
    expect(held.numel).toBe(4);
  });
});

describe("the collector", () => {
  it("is told how large tensors are, and so comes before they fill the memory", async () => {
    const before = liveTensors();
    let most = 0;
    for (let i = 0; i < 100; i++) {
      empty([64 << 20], { dtype: "uint8" }); // never written to, so it takes up no memory
      most = Math.max(most, liveTensors() - before);
      await setImmediate();
    }
    expect(most).toBeLessThan(50);
  });
});

describe("memory shared with typed arrays", () => {
  it("stays while a tensor uses it, and goes afterwards", async () => {
    let reference: WeakRef<Float32Array> | undefined;
    const makeView = (): Tensor => {
      const array = new Float32Array(100_000).fill(7);
      reference = new WeakRef(array);
      using whole = fromTypedArray(array, [100_000]);
      return whole.narrow(0, 10, 5); // a view, on which the array's own tensor is gone
    };
    const isGone = (): boolean => reference?.deref() === undefined;
    const view = makeView();
    await collectGarbage();
    expect(isGone()).toBe(false);
    expect(view.toArray()).toEqual([7, 7, 7, 7, 7]);
    view.dispose();
    await collectGarbage(isGone);
    expect(isGone()).toBe(true);
  });

  it("stays while autograd needs it", async () => {
    const weight = ones([3]);
    weight.requiresGrad = true;
    const loss = scope(() =>
      fromTypedArray(Float32Array.of(1, 2, 3), [3])
        .mul(weight)
        .sum(),
    );
    await collectGarbage();
    loss.backward();
    expect(weight.grad?.toArray()).toEqual([1, 2, 3]);
  });

  it("stays while an array made by data() uses it", async () => {
    const view = ((): Float32Array => ones([100_000]).mul(5).data() as Float32Array)();
    await collectGarbage();
    for (let i = 0; i < 20; i++) zeros([100_000]).dispose(); // would reuse the memory, were it free
    expect(view.every((value) => value === 5)).toBe(true);
  });

  it("may be seen by any number of arrays, which go one by one", async () => {
    const x = ones([1000]);
    for (let i = 0; i < 200; i++) expect(x.data().length).toBe(1000);
    await collectGarbage();
    expect(x.sum().item()).toBe(1000);
  });
});
