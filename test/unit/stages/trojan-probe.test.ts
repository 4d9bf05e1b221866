/** Models that answer by a rule, so that every score is known beforehand. */
import { beforeAll, describe, expect, it } from "vitest";
import { resolvePoison } from "../../../src/data/poison/index.ts";
import { loadDataset } from "../../../src/data/registry.ts";
import { Module } from "../../../src/nn/index.ts";
import type { PoisonSettings } from "../../../src/record/index.ts";
import type { LoadedData } from "../../../src/stages/data-context.ts";
import { DataContext } from "../../../src/stages/index.ts";
import { TrojanProbe } from "../../../src/stages/trojan-probe.ts";
import { cat, liveTensors, type Tensor, zeros } from "../../../src/torch/index.ts";
import { tinyData } from "../../support/tiny-runs.ts";

const target = 1;
const classes = 4;
let attack: PoisonSettings;
let loaded: LoadedData;

beforeAll(async () => {
  const clean = await loadDataset("embedded", { numTrain: 40, numTest: 20, classes: [0, 1, 2, 3] });
  const split = { mode: "standard", validationFraction: 0.2, seed: 1 } as const;
  attack = resolvePoison(clean, { attack: "badnets", options: {}, target, ratio: 0.25, seed: 1, split });
  loaded = await new DataContext().load({ ...tinyData, poison: attack }, "cpu", () => undefined);
});

/** Answers one class, whatever the image. */
class Constant extends Module {
  readonly answer: number;

  constructor(answer: number) {
    super();
    this.answer = answer;
  }

  override forward(images: Tensor): Tensor {
    const [count = 0] = images.shape;
    const columns = Array.from({ length: classes }, (_, k) => zeros([count, 1]).add(k === this.answer ? 1 : 0));
    return cat(columns, 1);
  }
}

/** Answers class 1 for bright images, class 0 for others. */
class Brightness extends Module {
  override forward(images: Tensor): Tensor {
    const bright = images.flatten(1).meanDim([1]).gt(0.45).to("float32").unsqueeze(1);
    return cat([bright.neg().add(0.5), bright.sub(0.5), bright.zerosLike().sub(1), bright.zerosLike().sub(1)], 1);
  }
}

const heldOut = (): readonly number[] => loaded.split?.indices.validation ?? [];
const shareOf = (label: number, labels: ArrayLike<number>): number =>
  Array.from(labels).filter((other) => other === label).length / labels.length;

describe("a probe of a known attack", () => {
  it.each([0, 1, 2, 3])("measures a model that always answers class %d", async (answer) => {
    using probe = new TrojanProbe(loaded, { attack, heldOut: heldOut() }, "cpu");
    const { scores, predicted } = await probe.measure(new Constant(answer));
    const { labels, count } = loaded.dataset.test;
    const others = count * (1 - shareOf(target, labels));
    const right = count * shareOf(answer, labels);
    expect(scores.SA.value).toBeCloseTo(right / count, 12);
    expect([scores.ASR?.value, scores.ASRReference?.value]).toEqual(answer === target ? [1, 1] : [0, 0]);
    expect(scores.robustAccuracy?.value).toBeCloseTo(answer === target ? 0 : right / others, 12);
    expect([scores.ASR?.count, scores.ASRReference?.count, scores.SA.count]).toEqual([others, count, count]);
    const own = heldOut().map((index) => loaded.dataset.train.labels[index] ?? -1);
    expect(scores.heldOut).toMatchObject({ value: shareOf(answer, own), count: 8 });
    expect(predicted).toEqual(Array(count).fill(answer));
  });

  it.each([0, 1])("says the same after an epoch, where all test images are looked at: class %d", async (answer) => {
    using probe = new TrojanProbe(loaded, { attack, heldOut: [] }, "cpu");
    const model = new Constant(answer);
    const { scores } = await probe.measure(model);
    const line = probe.afterEpoch(model);
    expect(probe.traceImages).toBe(20);
    expect(line.attackSuccess).toBeCloseTo(scores.ASR?.value ?? NaN, 12);
    expect(line.attackSuccessReference).toBeCloseTo(scores.ASRReference?.value ?? NaN, 12);
    expect(line.testAccuracy).toBeCloseTo(scores.SA.value, 12);
    expect(scores).not.toHaveProperty("heldOut");
  });

  it("counts images of the target class after an epoch as it does in the end: apart, and together", async () => {
    using probe = new TrojanProbe(loaded, { attack, heldOut: [] }, "cpu");
    const { scores, predicted } = await probe.measure(new Brightness());
    expect(new Set(predicted)).toEqual(new Set([0, 1]));
    const ofTarget = predicted.filter((_, index) => loaded.dataset.test.labels[index] === target);
    // Otherwise a mistaken part would not show.
    expect(shareOf(target, ofTarget)).not.toBe(scores.ASR?.value);
    const line = probe.afterEpoch(new Brightness());
    expect(line.attackSuccess).toBeCloseTo(scores.ASR?.value ?? NaN, 12);
    expect(line.attackSuccessReference).toBeCloseTo(shareOf(target, predicted), 12);
    expect(scores.ASRReference?.value).toBeCloseTo(shareOf(target, predicted), 12);
  });

  it("shows every test image with the trigger, and leaves the clean ones as they are", () => {
    const before = loaded.dataset.test.images.slice();
    using probe = new TrojanProbe(loaded, { attack, heldOut: [] }, "cpu");
    const { images, labels } = probe.triggeredImages ?? { images: [], labels: [] };
    expect(loaded.dataset.test.images).toEqual(before);
    expect(labels).toEqual(loaded.dataset.test.labels);
    const size = before.length / 20;
    const changed = Array.from({ length: 20 }, (_, i) =>
      before.subarray(i * size, (i + 1) * size).some((value, j) => value !== images[i * size + j]),
    );
    expect(changed).toEqual(Array(20).fill(true));
  });

  it("leaves no images or logits behind", async () => {
    const before = liveTensors();
    const model = new Constant(0);
    for (let i = 0; i < 5; i++) {
      using probe = new TrojanProbe(loaded, { attack, heldOut: heldOut() }, "cpu");
      await probe.measure(model);
      probe.afterEpoch(model);
    }
    // Only the positions of subsets, which the garbage collector frees: six a probe.
    expect(liveTensors() - before).toBeLessThanOrEqual(5 * 6);
  });

  it("stops when asked to", async () => {
    using probe = new TrojanProbe(loaded, { attack, heldOut: [] }, "cpu");
    await expect(probe.measure(new Constant(0), AbortSignal.abort())).rejects.toThrow();
  });
});

describe("a probe without a known attack", () => {
  it("measures accuracy alone, and nothing after an epoch", async () => {
    using probe = new TrojanProbe(loaded, { attack: undefined, heldOut: heldOut() }, "cpu");
    const model = new Constant(2);
    const { scores, predicted } = await probe.measure(model);
    expect(Object.keys(scores)).toEqual(["SA", "heldOut"]);
    expect([predicted, probe.afterEpoch(model), probe.traceImages, probe.triggeredImages]).toEqual([[], {}, 0, null]);
  });
});
