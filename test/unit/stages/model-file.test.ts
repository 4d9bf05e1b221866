import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Model } from "../../../src/models/index.ts";
import { Mask, prunableWeights } from "../../../src/prune/index.ts";
import type { RunRecord } from "../../../src/record/index.ts";
import type { RunFolder } from "../../../src/stages/index.ts";
import {
  freshModel,
  layersOf,
  loadMask,
  loadModel,
  maskRecord,
  modelRecord,
  normalizationIn,
  readModel,
  saveModel,
  sparsityOf,
  specOf,
} from "../../../src/stages/model-file.ts";
import { Generator, liveTensors, loadSafetensors, rand, saveSafetensors, scope } from "../../../src/torch/index.ts";
import { sha256Hex } from "../../../src/util/hash.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { thrownBy } from "../../support/thrown-by.ts";
import "../../support/one-thread.ts";

const normalize = { mean: [0.25, 0.5, 0.75], std: [0.5, 0.25, 0.125] };
const spec = { arch: "resnet20s", numClasses: 4, normalize };
const model = freshModel(spec, 1, "cpu");
const mask = scope(() => {
  const generator = Generator.seeded(3);
  const shapes = [...prunableWeights(model)].map(([name, { shape }]) => [name, shape] as const);
  return Mask.of(new Map(shapes.map(([name, shape]) => [name, rand(shape, { generator }).lt(0.25)])));
});

const stateOf = (of: Model): Map<string, number[]> =>
  new Map([...of.stateDict()].map(([name, t]) => [name, t.toArray()]));
const fileIn = (folder: string): string => join(folder, "model.safetensors");
/** A run folder as far as its weights are read. */
const runIn = (folder: string): RunFolder => ({ file: () => fileIn(folder) }) as unknown as RunFolder;

describe("a new model", () => {
  it("depends on its seed, and on nothing drawn before", () => {
    scope(() => void rand([5], { generator: Generator.seeded(9) }));
    expect(stateOf(freshModel(spec, 1, "cpu"))).toEqual(stateOf(model));
    expect(stateOf(freshModel(spec, 2, "cpu"))).not.toEqual(stateOf(model));
  });

  it("is described by its record well enough to be built again", () => {
    const record = modelRecord(model);
    expect(record).toEqual({
      arch: "resnet20s",
      numClasses: 4,
      inChannels: 3,
      imageSize: 32,
      stem: "cifar",
      numParameters: model.parameters().reduce((sum, { numel }) => sum + numel, 0),
    });
    expect(specOf(record, normalize)).toEqual(model.spec);
    using ensemble = freshModel({ ...spec, members: 2 }, 1, "cpu");
    expect(modelRecord(ensemble)).toMatchObject({ members: 2, numParameters: 2 * record.numParameters });
    expect(specOf(modelRecord(ensemble), normalize)).toEqual(ensemble.spec);
  });
});

describe("a model file", () => {
  it("gives back every weight, every buffer and the mask", () => {
    const folder = temporaryFolder();
    saveModel(fileIn(folder), model, mask);
    using other = freshModel(spec, 5, "cpu");
    const before = liveTensors();
    const found = loadModel(fileIn(folder), other);
    expect(liveTensors()).toBe(before);
    expect(stateOf(other)).toEqual(stateOf(model));
    expect(found?.hash).toBe(mask.hash);
    expect(loadMask(fileIn(folder))?.layers).toEqual(mask.layers);
  });

  it("has the hash that is returned, and the same bytes for the same model", () => {
    const [one, two] = [fileIn(temporaryFolder()), fileIn(temporaryFolder())];
    const sha256 = saveModel(one, model, mask);
    expect(sha256).toBe(sha256Hex(readFileSync(one)));
    expect(saveModel(two, model, mask)).toBe(sha256);
    expect(saveModel(two, model, null)).not.toBe(sha256);
    expect([loadMask(two), loadSafetensors(two).metadata["format"]]).toEqual([null, "coppice-model"]);
  });

  it("is opened as a network under its mask, whatever weights lie outside of it", () => {
    const folder = temporaryFolder();
    saveModel(fileIn(folder), model, mask); // whose weights were not masked
    const { model: opened } = readModel(runIn(folder), { model: modelRecord(model) }, { device: "cpu" });
    for (const { name, nonzero } of mask.layers) {
      const layer = layersOf(opened).find((found) => found.name === name);
      expect(layer?.nonzero, name).toBe(nonzero);
    }
    opened.dispose();
  });

  it("knows the normalisation, which another one that is given does not replace", () => {
    const folder = temporaryFolder();
    saveModel(fileIn(folder), model, null);
    expect(normalizationIn(fileIn(folder))).toEqual(normalize);
    const given = { mean: [0, 0, 0], std: [1, 1, 1] };
    const { model: opened } = readModel(
      runIn(folder),
      { model: modelRecord(model) },
      { device: "cpu", normalization: given },
    );
    expect(opened.stateDict().get("normalize.mean")?.toArray()).toEqual(normalize.mean);
    opened.dispose();
  });

  it("of an ensemble has the normalisation of its networks", () => {
    using ensemble = freshModel({ ...spec, members: 2 }, 1, "cpu");
    const file = fileIn(temporaryFolder());
    saveModel(file, ensemble, null);
    expect(normalizationIn(file)).toEqual(normalize);
  });
});

describe("a model file is refused", () => {
  const refusal = (file: string): { code: string; message: string } => {
    using other = freshModel(spec, 1, "cpu");
    return thrownBy(() => loadModel(file, other));
  };

  it("when it is cut off, or not there", () => {
    const file = fileIn(temporaryFolder());
    expect(refusal(file)).toMatchObject({ code: "E_CHECKPOINT", message: expect.stringContaining(file) });
    saveModel(file, model, null);
    writeFileSync(file, readFileSync(file).subarray(0, -100));
    expect(refusal(file)).toMatchObject({ code: "E_CHECKPOINT", message: expect.stringContaining(file) });
  });

  it("when it is of another number of classes, or of another architecture", () => {
    const file = fileIn(temporaryFolder());
    for (const other of [
      { ...spec, numClasses: 5 },
      { ...spec, arch: "resnet18" },
    ]) {
      saveModel(file, freshModel(other, 1, "cpu"), null);
      expect(refusal(file).code).toBe("E_CHECKPOINT");
    }
  });

  it("when the normalisation is neither in it nor given", () => {
    const file = fileIn(temporaryFolder());
    saveSafetensors(file, new Map([...model.stateDict()].filter(([name]) => !name.startsWith("normalize."))), {});
    expect(thrownBy(() => normalizationIn(file))).toMatchObject({
      code: "E_CHECKPOINT",
      message: `${file}: expected weights with normalize.mean and normalize.std, got none`,
    });
  });
});

describe("what a record says of zeros", () => {
  const layer = (shape: number[], numel: number, nonzero: number): object => ({ name: "w", shape, numel, nonzero });
  const recordOf = (...layers: object[]): RunRecord => ({ result: { layers } }) as unknown as RunRecord;

  it("is their share of the convolution weights, over all layers together", () => {
    expect(sparsityOf(recordOf(layer([2, 1, 3, 3], 18, 9), layer([1, 1, 1, 2], 2, 1)))).toBe(0.5);
    expect(sparsityOf(recordOf(layer([1, 1, 3, 3], 9, 0), layer([1, 3, 3, 3], 27, 27)))).toBe(0.25);
    expect(sparsityOf(recordOf(layer([1, 1, 1, 4], 4, 4), layer([4, 4], 16, 0)))).toBe(0);
  });

  it("is none of a run without a result, or without convolutions", () => {
    expect([sparsityOf({} as RunRecord), sparsityOf(recordOf(layer([4, 4], 16, 0)))]).toEqual([0, 0]);
  });

  it("is the mask's where there is one", () => {
    expect(maskRecord(null, "global")).toEqual({});
    const record = maskRecord(mask, "erk");
    expect(record.mask).toMatchObject({ allocation: "erk", sparsity: mask.sparsity });
    const [total, kept] = [18, 0].map((_, i) =>
      (record.mask?.layers ?? []).reduce((sum, { numel, nonzero }) => sum + (i === 0 ? numel : nonzero), 0),
    ) as [number, number];
    expect(mask.sparsity).toBeCloseTo(1 - kept / total, 12);
    expect(maskRecord(mask).mask).not.toHaveProperty("allocation");
  });
});
