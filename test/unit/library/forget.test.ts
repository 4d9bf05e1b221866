import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { evaluate, forget, forgetConfig, openModel, report, resume } from "../../../src/library/index.ts";
import type { ForgetSelection, Run } from "../../../src/library/index.ts";
import { readSplit } from "../../../src/record/index.ts";
import { DataContext } from "../../../src/stages/index.ts";
import { Interrupted } from "../../../src/train/index.ts";
import { methodRegistry } from "../../../src/unlearn/index.ts";
import { defineMethod, finetune, l1Sparse } from "../../../src/unlearn/index.ts";
import { originalRecord } from "../../support/run-config.ts";
import { methodFile } from "../../support/plugin-file.ts";
import { folderOfRuns, tinyData, trainTiny } from "../../support/tiny-runs.ts";

const folder = folderOfRuns();
const original = join(folder, "original");

it("has batch size and seed of the model, and the other settings of the table", () => {
  const record = originalRecord({ batchSize: 96, seed: 3 });
  const what = { selection: { classes: [1] }, method: "finetune", options: { lr: 0.1 } };
  expect(forgetConfig({ path: "runs/a", record }, what, { batchSize: undefined, device: "cuda" })).toEqual({
    model: "runs/a",
    request: { kind: "class", classes: [1] },
    method: "finetune",
    options: { lr: 0.1 },
    batchSize: 96,
    data: { allowUnverified: false },
    seed: 3,
    engine: "auto",
    precision: "float32",
    device: "cuda",
  });
});

describe("forgetting", () => {
  beforeAll(async () => {
    await trainTiny(original);
  });

  it("takes a method called with its options, the method, or its name, to the same bytes", async () => {
    const hash = async (name: string, method: Parameters<typeof forget>[2]): Promise<string | undefined> =>
      (await forget(original, { classes: [3] }, method, join(folder, name))).record.result?.modelSha256;
    const hashes = [
      await hash("a", finetune({ epochs: 10 })),
      await hash("b", finetune),
      await hash("c", "finetune"),
      await hash("d", finetune({ epochs: 1 })),
    ];
    expect(new Set(hashes.slice(0, 3)).size).toBe(1);
    expect(hashes[3]).not.toBe(hashes[0]);
  });

  it("takes a list from a program, which the record does not keep, and refuses what the command refuses", async () => {
    const { train, test } = readSplit(join(original, "split.json")).indices;
    const { dataset } = await new DataContext().load(tinyData, "cpu", () => undefined);
    const ids = train.slice(0, 3).map((index) => dataset.train.ids(index));
    const of = async (selection: ForgetSelection, name: string): Promise<Run> =>
      await forget(original, selection, finetune({ epochs: 1 }), join(folder, name));
    const listed = await of({ ids: [...ids, dataset.test.ids(1)], alsoTest: true }, "listed");
    const { indices, scenario } = readSplit(join(listed.path, "split.json"));
    expect([indices.forget, indices.test]).toEqual([train.slice(0, 3), test.filter((index) => index !== 1)]);
    expect(scenario).toMatchObject({ kind: "list", count: 3, leftOut: { validation: 0, test: 1 } });
    for (const file of ["run.json", "split.json"])
      expect(readFileSync(join(listed.path, file), "utf8")).not.toContain(ids[0]);
    const again = await of(
      { indices: train.slice(0, 3).map((index) => dataset.train.positions?.(index) ?? index) },
      "listed-again",
    );
    expect(again.record.result?.modelSha256).toBe(listed.record.result?.modelSha256);
    await expect(of({ ids: ["17", "42"] }, "wrong")).rejects.toThrow("ids: expected ids of images that the model");
    await expect(of({ ids: [17 as never] }, "wrong")).rejects.toThrow("ids: expected texts, got 17 as item 1");
    await expect(of({ random: 0.00001 }, "wrong")).rejects.toThrow(/^random: expected 1 to/);
    expect(existsSync(join(folder, "wrong"))).toBe(false);
  });

  it("refuses options that the method does not have, in types and at run time", async () => {
    // @ts-expect-error -- no such option
    const wrong = l1Sparse({ gama: 1 });
    await expect(forget(original, { classes: [3] }, wrong, join(folder, "wrong"))).rejects.toThrow(/got gama/);
  });

  it("by a plugin is evaluated, opened and reported; the record names the file, and a changed file is refused", async () => {
    const file = methodFile("scale-forget");
    const out = join(folder, "scaled");
    const { record } = await forget(original, { classes: [3] }, "scale-forget", out, { plugins: [file] });
    expect(record.plugins).toMatchObject([{ kind: "method", name: "scale-forget", path: file }]);
    const { metrics } = await evaluate(out);
    expect(metrics.UA?.count).toBeGreaterThan(0);
    using model = await openModel(out);
    expect(model.classNames.length).toBe(4);
    expect(await report(out)).toBe(join(out, "report.html"));
    await expect(resume(out)).rejects.toThrow(/is finished/);
    expect(methodRegistry.names).toContain("scale-forget");
  });

  it("that is interrupted goes on with what made it, a definition of a program too, to the same bytes", async () => {
    const mine = defineMethod({ ...finetune, name: "my-finetune" } as never);
    const whole = await forget(original, { count: 5 }, mine, join(folder, "whole"));
    const signal = AbortSignal.abort();
    const out = join(folder, "stopped");
    await expect(forget(original, { count: 5 }, mine, out, { signal })).rejects.toBeInstanceOf(Interrupted);
    const { record } = await resume(out);
    expect(record.plugins).toEqual([{ kind: "method", name: "my-finetune" }]);
    expect(record.result?.modelSha256).toBe(whole.record.result?.modelSha256);
  });

  it("refuses to be left nowhere, and to replace the model that it reads", async () => {
    await expect(forget(original, { classes: [3] }, "finetune", undefined as never)).rejects.toThrow(
      "out: expected the path of a run folder, got undefined",
    );
    const link = join(folder, "link");
    symlinkSync(original, link);
    for (const out of [original, link, join(original, "..", "original")]) {
      await expect(forget(original, { classes: [3] }, "finetune", out, { force: true })).rejects.toThrow(
        `${out}: expected a place apart from ${original}, which is read, got the same`,
      );
    }
    expect(existsSync(join(original, "model.safetensors"))).toBe(true);
  });

  it("takes a method that reports nothing", async () => {
    const silent = defineMethod({ ...finetune, name: "silent", run: async () => undefined } as never);
    const { record } = await forget(original, { classes: [3] }, silent, join(folder, "silent"));
    expect(record.status).toBe("finished");
  });
});
