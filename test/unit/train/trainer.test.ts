import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type BatchSource, DeviceImages } from "../../../src/data/batches.ts";
import { createModel, type Model } from "../../../src/models/index.ts";
import { constant, sgd } from "../../../src/optim/index.ts";
import type { MetricLine } from "../../../src/record/index.ts";
import { crossEntropy } from "../../../src/nn/index.ts";
import { encodeSafetensors, Generator, liveTensors, scope, type Tensor } from "../../../src/torch/index.ts";
import {
  CheckpointFile,
  Interrupted,
  type StepContext,
  Trainer,
  type TrainerOptions,
} from "../../../src/train/index.ts";
import { RandomState } from "../../../src/util/random-state.ts";
import { rejectionOf } from "../../support/rejection.ts";
import "../../support/one-thread.ts";

const folder = mkdtempSync(join(tmpdir(), "coppice-trainer-"));
afterAll(() => rmSync(folder, { recursive: true }));

const count = 24;
const random = new RandomState(5);
const shape = { channels: 3, height: 8, width: 8 };
const set = {
  images: Uint8Array.from({ length: count * 3 * 64 }, () => random.randint(0, 256)),
  labels: Uint8Array.from({ length: count }, (_, i) => i % 4),
  count,
  ids: String,
};
const source = new DeviceImages(set, shape, "cpu").subset([...Array(count).keys()], "images");

function net(): Model {
  const normalize = { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] };
  return createModel({ arch: "resnet20s", numClasses: 4, imageSize: 8, normalize }, Generator.seeded(1));
}

function trainerFor(model: Model, more: Partial<TrainerOptions> = {}): Trainer {
  const generators = { order: Generator.seeded(2), augment: Generator.seeded(3) };
  return new Trainer({ model, generators, batchSize: 7, augment: true, ...more });
}

async function train(model: Model, trainer: Trainer, epochs = 3): Promise<Uint8Array> {
  // two phases, as methods that train twice have
  for (const lr of [0.05, 0.01]) {
    const optimizer = sgd(model.namedParameters(), { lr, momentum: 0.9, weightDecay: 5e-4 });
    await trainer.fit(source, { epochs, optimizer, schedule: constant({ lr }) });
  }
  return encodeSafetensors(model.stateDict());
}

describe("the training loop", () => {
  it("gives the same bytes when it is interrupted after any step and resumed", async () => {
    const whole = net();
    const lines: MetricLine[] = [];
    const expected = await train(whole, trainerFor(whole, { onEpoch: (line) => lines.push(line) }));
    expect(lines.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4, 5, 6]);
    for (const stopAfter of [1, 4, 6, 12, 13, 17, 23]) {
      const path = join(folder, `${stopAfter}.safetensors`);
      const controller = new AbortController();
      let steps = 0;
      const onStep = (): void => {
        if (++steps === stopAfter) controller.abort();
      };
      const broken = net();
      const stopped = train(
        broken,
        trainerFor(broken, { checkpoint: new CheckpointFile(path), onStep, signal: controller.signal }),
      );
      await expect(stopped).rejects.toBeInstanceOf(Interrupted);
      const resumed = net();
      const bytes = await train(resumed, trainerFor(resumed, { checkpoint: new CheckpointFile(path) }));
      expect(Buffer.from(bytes).equals(Buffer.from(expected)), `stopped after step ${stopAfter}`).toBe(true);
    }
  });

  it("leaves no tensor behind", async () => {
    const model = net();
    const trainer = trainerFor(model);
    const optimizer = sgd(model.namedParameters(), { lr: 0.01, momentum: 0.9 });
    await trainer.fit(source, { epochs: 2, optimizer, schedule: constant({ lr: 0.01 }) });
    const after = liveTensors();
    await trainer.fit(source, { epochs: 8, optimizer, schedule: constant({ lr: 0.01 }) });
    expect(liveTensors()).toBe(after);
  });

  it("stops with a clear error when the loss is not finite", async () => {
    const model = net();
    const optimizer = sgd(model.namedParameters(), { lr: 1e30 });
    const run = trainerFor(model).fit(source, { epochs: 5, optimizer, schedule: constant({ lr: 1e30 }) });
    await expect(run).rejects.toThrow(
      /training: expected a finite loss, got \S+ at epoch \d+, step \d+ with learning rate 1e\+30/,
    );
  });

  it("refuses a damaged checkpoint", async () => {
    const path = join(folder, "damaged.safetensors");
    const controller = new AbortController();
    const model = net();
    const trainer = trainerFor(model, {
      checkpoint: new CheckpointFile(path),
      onStep: () => controller.abort(),
      signal: controller.signal,
    });
    await expect(train(model, trainer)).rejects.toBeInstanceOf(Interrupted);
    const { readFileSync, writeFileSync } = await import("node:fs");
    const bytes = readFileSync(path);
    bytes[bytes.length - 9] = (bytes[bytes.length - 9] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    expect(() => new CheckpointFile(path).load()).toThrow(/expected contents with their recorded hash/);
  });
});

describe("small sets", () => {
  const some = (images: number): BatchSource => ({ count: images, take: (...given) => source.take(...given) });
  const sizesOf = async (images: number, batchSize: number): Promise<number[]> => {
    const model = net();
    const sizes: number[] = [];
    const optimizer = sgd(model.namedParameters(), { lr: 0 });
    const loss = ({ logits_NK, labels_N }: StepContext): Tensor => {
      sizes.push(labels_N.numel);
      return crossEntropy(logits_NK, labels_N);
    };
    const { steps } = await trainerFor(model, { batchSize }).fit(some(images), {
      epochs: 1,
      optimizer,
      schedule: constant({ lr: 0 }),
      loss,
    });
    expect(steps).toBe(sizes.length);
    return sizes;
  };

  it("leave no batch of one, unless all are", async () => {
    expect(await sizesOf(15, 7)).toEqual([7, 8]);
    expect(await sizesOf(16, 7)).toEqual([7, 7, 2]);
    expect(await sizesOf(1, 7)).toEqual([1]);
    expect(await sizesOf(2, 1)).toEqual([1, 1]);
  });

  it("are noted, as the smallest batch there was, once each time that it is smaller", async () => {
    const notes: string[] = [];
    const model = net();
    const trainer = trainerFor(model, { batchSize: 8, onNote: (note) => notes.push(note) });
    const optimizer = sgd(model.namedParameters(), { lr: 0 });
    const schedule = constant({ lr: 0 });
    for (const images of [16, 11, 24, 11, 1]) await trainer.fit(some(images), { epochs: 1, optimizer, schedule });
    expect(notes.map((note) => /from (.*) in a step/.exec(note)?.[1])).toEqual([
      "as few as 3 images",
      "a single image",
    ]);
    expect(trainer.note).toBe(notes[1]);
  });
});

it("ends as an error when its last step has destroyed the model", async () => {
  const model = net();
  const optimizer = sgd(model.namedParameters(), { lr: 1e30 });
  const whole = trainerFor(model, { batchSize: count });
  const fit = whole.fit(source, {
    epochs: 1,
    optimizer,
    schedule: constant({ lr: 1e30 }),
    afterStep: () => {
      scope(() => model.namedBuffers().get("bn1.running_var")?.fill_(Infinity));
    },
  });
  expect((await rejectionOf(fit)).message).toBe(
    "training: expected finite weights and statistics, got NaN or infinity in bn1.running_var",
  );
});
