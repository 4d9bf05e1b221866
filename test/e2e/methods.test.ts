/** Every method of the registry from the dense and from the pruned model: it ends, it changes the weights, and nothing outside of the mask moves. */
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { forgetStage, pruneStage, quietContext, trainStage } from "../../src/stages/index.ts";
import type { RunRecord } from "../../src/record/index.ts";
import { Mask } from "../../src/prune/index.ts";
import { loadSafetensors, scope } from "../../src/torch/index.ts";
import { methods, type OptionValue } from "../../src/unlearn/index.ts";
import "../support/one-thread.ts";

const folder = mkdtempSync(join(tmpdir(), "coppice-methods-"));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);

/** As little work as each takes. */
const small: Readonly<Record<string, OptionValue>> = {
  epochs: 1,
  maxEpochs: 1,
  samples: 16,
  noiseImages: 8,
  noiseSteps: 2,
  noiseRepeats: 1,
  iterations: 2,
  rounds: 1,
};
/** With a tenth of the data forgotten, for example, nothing can be ten times as important to it as to all. */
const own: Readonly<Record<string, Readonly<Record<string, OptionValue>>>> = {
  ssd: { alpha: 1.5 },
  sisa: { slices: 1 },
  // So that there is a channel to silence.
  clp: { u: 1 },
  anp: { lr: 1000, tolerance: 1 },
};

beforeAll(async () => {
  const recipe = {
    epochs: 2,
    batchSize: 32,
    optimizer: "sgd",
    lr: 0.05,
    momentum: 0.9,
    weightDecay: 5e-4,
    nesterov: false,
    schedule: "multistep",
    milestones: [0.5, 0.75],
    warmupEpochs: 0,
    augment: false,
  } as const;
  const data = { name: "embedded", allowUnverified: false, numTrain: 120, numTest: 40 };
  const split = { mode: "standard", validationFraction: 0.1 } as const;
  const common = { arch: "resnet20s", stem: "cifar", recipe, rewindEpoch: 1, seed: 1, device: "cpu" } as const;
  await trainStage({ data, split, ...common } as never, at("dense"), quietContext());
  const pruning = {
    model: at("dense"),
    pruner: "omp",
    sparsity: 0.9,
    data: { allowUnverified: false },
    seed: 1,
    device: "cpu",
  };
  await pruneStage({ ...pruning, engine: "dense" }, at("pruned"), quietContext());
});

async function forget(method: string, parent: "dense" | "pruned", engine?: "sparse"): Promise<RunRecord> {
  const names = Object.keys(methods.find(({ name }) => name === method)?.options ?? {});
  const options = Object.fromEntries(Object.entries(small).filter(([name]) => names.includes(name)));
  Object.assign(options, own[method]);
  const config = { model: at(parent), request: { kind: "class", classes: [3] }, method, options } as const;
  const rest = {
    batchSize: 32,
    data: { allowUnverified: false },
    seed: 1,
    device: "cpu",
    engine: engine ?? "dense",
  } as const;
  return await forgetStage({ ...config, ...rest }, at(`${method}-${parent}-${engine ?? "dense"}`), quietContext());
}

describe.each(methods.map(({ name }) => name))("%s", (method) => {
  it("changes the dense model", async () => {
    const { status, result, parent } = await forget(method, "dense");
    expect(status).toBe("finished");
    expect(result?.modelSha256).not.toBe(parent?.modelSha256);
    const model = readFileSync(join(at(`${method}-dense-dense`), "model.safetensors"));
    expect(createHash("sha256").update(model).digest("hex")).toBe(result?.modelSha256);
    scope(() => {
      const { tensors } = loadSafetensors(join(at(`${method}-dense-dense`), "model.safetensors"));
      expect(tensors.size).toBeGreaterThan(0);
      for (const [name, value] of tensors) expect(value.isfinite().all().item(), name).toBe(1);
    });
  });

  it("changes the pruned model within its mask", async () => {
    const run = await forget(method, "pruned");
    expect(run.result?.modelSha256).not.toBe(run.parent?.modelSha256);
    scope(() => {
      const { tensors } = loadSafetensors(join(at(`${method}-pruned-dense`), "model.safetensors"));
      const mask = Mask.fromState(tensors);
      expect(mask?.sparsity).toBeGreaterThan(0.8999);
      for (const [name, kept] of mask?.toState() ?? []) {
        const weight = tensors.get(name.replace(/_mask$/, ""));
        expect(weight?.mul(kept.logicalNot()).abs().sum().item(), name).toBe(0);
      }
    });
  });

  it("computes with live weights only, or says what it needs beyond them", async () => {
    const spec = methods.find(({ name }) => name === method);
    const defaults = Object.fromEntries(
      Object.entries(spec?.options ?? {}).map(([name, option]) => [name, option.default as OptionValue]),
    );
    const needed = spec?.needsDense?.(defaults);
    if (needed === undefined) expect((await forget(method, "pruned", "sparse")).engine?.name).toBe("sparse");
    else await expect(forget(method, "pruned", "sparse")).rejects.toThrow(`got one for a method that needs ${needed}`);
  });
});
