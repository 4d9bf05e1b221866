/** Transfer on a few drawn pictures: what changes, what does not, and what is refused. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadDataset } from "../../../../src/data/registry.ts";
import { forgetStage, quietContext, resumeStage, RunFolder, trainStage } from "../../../../src/stages/index.ts";
import { checkSource, openSource, replaceHead } from "../../../../src/stages/transfer/source-model.ts";
import { FeatureSource } from "../../../../src/stages/transfer/feature-source.ts";
import { type TransferConfig, transferRecipe } from "../../../../src/stages/transfer/transfer-config.ts";
import { checkTarget, transferStage } from "../../../../src/stages/transfer/transfer.ts";
import { Interrupted } from "../../../../src/train/index.ts";
import { loadSafetensors, noGrad, scope, tensor } from "../../../../src/torch/index.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";
import "../../../support/one-thread.ts";

const folder = mkdtempSync(join(tmpdir(), "coppice-transfer-"));
const source = join(folder, "source");
const data = { name: "embedded", allowUnverified: false, numTrain: 30, numTest: 20 } as const;
const recipe = { ...transferRecipe, epochs: 3, batchSize: 10, lr: 0.01 };
const config: TransferConfig = {
  model: source,
  data: { ...data, classes: [7, 8, 9] },
  probe: "linear",
  recipe,
  validationFraction: 0,
  seed: 2,
  device: "cpu",
};

beforeAll(async () => {
  await trainStage(
    {
      data: { ...data, classes: [0, 1, 2, 3] },
      split: { mode: "standard", validationFraction: 0 },
      arch: "resnet20s",
      stem: "cifar",
      recipe: { ...recipe, optimizer: "sgd", epochs: 1 },
      rewindEpoch: 0,
      seed: 1,
      device: "cpu",
    },
    source,
    quietContext(),
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

const weights = (run: string): Map<string, number[]> =>
  new Map([...loadSafetensors(RunFolder.open(run).file("model")).tensors].map(([name, t]) => [name, t.toArray()]));

describe("a linear probe", () => {
  const out = join(folder, "probe");

  it("changes the last layer alone, and scores it on the target's test images", async () => {
    const record = await transferStage(config, out, quietContext());
    expect(record).toMatchObject({
      kind: "transfer",
      status: "finished",
      model: { numClasses: 3 },
      parent: { path: "../source" },
      data: { classNames: ["cross", "star", "arrow"] },
      result: { epochs: 3, steps: 9, test: { count: 20 } },
    });
    const [before, after] = [weights(source), weights(out)];
    for (const [name, values] of after) {
      if (name.startsWith("fc.")) expect(values).not.toEqual(before.get(name));
      else expect(values, name).toEqual(before.get(name)); // running statistics of batch normalisation included
    }
    expect(record.result?.trainLoss).toBeLessThan(3);
  });

  it("trains on features that the last layer makes the model's logits of", () => {
    const { model } = replaceHead(openSource(source), 3, config);
    model.eval();
    noGrad(() =>
      scope(() => {
        const images = tensor(
          Float32Array.from({ length: 2 * 3 * 32 * 32 }, (_, i) => (i % 97) / 97),
          {
            shape: [2, 3, 32, 32],
          },
        );
        const gathered = FeatureSource.gather(model);
        gathered.visit({ images, labels: tensor(BigInt64Array.of(1n, 2n)) });
        using features = gathered.finish();
        const { images: one, labels } = features.take(tensor(BigInt64Array.of(1n)), null);
        expect(labels.toArray()).toEqual([2]);
        expect(model.head?.call(one).toArray()).toEqual(model.call(images).narrow(0, 1, 1).toArray());
        expect(() => features.take(tensor(BigInt64Array.of(1n)), {})).toThrow(/expected no augmentation/);
      }),
    );
    model.dispose();
  });

  it("gives the same bytes when it is stopped and resumed", async () => {
    const stopped = join(folder, "stopped");
    const controller = new AbortController();
    let steps = 0;
    const context = quietContext({
      signal: controller.signal,
      onProgress: ({ what }) => {
        if (what === undefined && ++steps === 4) controller.abort();
      },
    });
    await expect(transferStage(config, stopped, context)).rejects.toBeInstanceOf(Interrupted);
    const record = await resumeStage(stopped, quietContext());
    expect(record.result?.modelSha256).toBe(RunFolder.open(out).requireFinished().result.modelSha256);
  });

  it("cannot forget afterwards, nor be transferred again", async () => {
    const forget = { model: out, request: { kind: "class", classes: [0] }, method: "finetune", options: {} } as const;
    const rest = { batchSize: 10, data: { allowUnverified: false }, seed: 1, device: "cpu" };
    const into = temporaryFolder();
    await expect(forgetStage({ ...forget, ...rest }, into, quietContext())).rejects.toMatchObject({
      code: "E_CONFIG",
      message: expect.stringContaining("got one that was transferred"),
    });
    await expect(transferStage({ ...config, model: out }, into, quietContext())).rejects.toMatchObject({
      message: expect.stringContaining("got one that was transferred already"),
    });
  });
});

it("trains all of the network where asked to", async () => {
  const out = join(folder, "full");
  await transferStage({ ...config, probe: "full", validationFraction: 0.2 }, out, quietContext());
  const [before, after] = [weights(source), weights(out)];
  for (const name of ["conv1.weight", "bn1.running_mean", "layer3.0.conv1.weight"])
    expect(after.get(name)).not.toEqual(before.get(name));
  expect(after.get("normalize.mean")).toEqual(before.get("normalize.mean"));
});

describe("bad input", () => {
  const recordOf = (): ReturnType<typeof openSource> => openSource(source);

  it("is a model of another number of classes than its data, or an ensemble", () => {
    const { record } = recordOf();
    const model = { ...record.model, numClasses: 10 };
    expect(() => checkSource("runs/source", { ...record, model })).toThrow(
      "runs/source: expected a model of 4 classes, as its data embedded have, got one of 10",
    );
    expect(() => checkSource("runs/source", { ...record, model: { ...record.model, members: 3 } })).toThrow(
      "runs/source: expected a source of one network, as it was trained, got an ensemble of 3",
    );
  });

  it("is a target with a class that has nothing to learn from, or one of colours for a model of grey images", async () => {
    const dataset = await loadDataset("embedded", { classes: [3, 5], numTrain: 6, numTest: 2 });
    const some = dataset.train.labels.indexOf(0);
    expect(() => checkTarget(recordOf(), { dataset }, { indices: { train: [some] } as never })).toThrow(
      "target embedded: expected training images of each of its 2 classes, got none of 1 (square)",
    );
    const indices = { train: [0, 1, 2, 3, 4, 5] } as never;
    const { record } = recordOf();
    const grey = { path: "runs/grey", record: { ...record, model: { ...record.model, inChannels: 1 } } };
    expect(() => checkTarget(grey, { dataset }, { indices })).toThrow(
      "target embedded: expected grey images, as runs/grey takes, got images of 3 channels",
    );
  });

  it.each([
    [
      { recipe: { ...recipe, augment: true } },
      "probe linear: expected images as they are, got a recipe that augments them",
    ],
    [{ probe: "linar" as never }, 'probe: expected one of linear, full, got "linar"'],
    [{ data: { ...data, classes: [3] } }, "embedded classes: expected at least two to tell apart, got 1"],
    [{ validationFraction: 1 }, "validation: expected a number in [0, 1), got 1"],
  ])("is %j", async (change, message) => {
    const out = temporaryFolder();
    await expect(transferStage({ ...config, ...change }, out, quietContext())).rejects.toMatchObject({ message });
    expect(readdirSync(out)).toEqual([]);
  });
});
