import { describe, expect, it } from "vitest";
import type { ForgetConfig } from "../../../src/record/index.ts";
import type { SplitManifest } from "../../../src/record/split.ts";
import { checkForgettable, checkMethod, checkRequest, forgottenOf } from "../../../src/stages/forget-checks.ts";
import type { Parent } from "../../../src/stages/parent.ts";
import {
  type Method,
  methodNamed,
  methods,
  methodsWithoutTrainingImages,
  readsTrainingImages,
} from "../../../src/unlearn/index.ts";
import { forgetConfig } from "../../support/configs.ts";
import { thrownBy } from "../../support/thrown-by.ts";
import { tinyTraining } from "../../support/tiny-runs.ts";

const labels = Uint8Array.of(0, 1, 2, 3, 0, 1, 2, 3);
const layer = { name: "conv1.weight", numel: 8, nonzero: 4 };
const mask = { sparsity: 0.5, layers: [layer] };

const model = { arch: "resnet20s", numClasses: 4, inChannels: 1, imageSize: 32, stem: "cifar" };

/** A run that is forgotten from, as far as it is looked at. */
function parentOf(record: object = {}): Parent {
  const layers = [
    { ...layer, shape: [8] },
    { ...layer, name: "fc.weight", shape: [2, 4] },
  ];
  const loaded = {
    dataset: { train: { labels }, mean: [0], std: [1] },
    train: { subset: (indices: readonly number[]) => ({ count: indices.length }) },
  };
  return {
    folder: { path: "runs/original" },
    record: { kind: "train", model, result: { layers }, ...record },
    original: tinyTraining,
    loaded,
  } as unknown as Parent;
}

function splitOf(validation: readonly number[] = [6, 7]): SplitManifest {
  const indices = { train: [0, 1, 2, 3, 4, 5], forget: [3], retain: [0, 1, 2, 4, 5], validation, test: [] };
  return { scenario: { kind: "class", classes: [3] }, indices } as unknown as SplitManifest;
}

interface Case {
  readonly config?: Partial<ForgetConfig>;
  readonly options?: Record<string, number | string>;
  readonly parent?: Parent;
  readonly split?: SplitManifest;
}

function refusalOf(
  method: Method,
  { config, options = {}, parent = parentOf(), split = splitOf() }: Case,
): string | null {
  const defaults = Object.fromEntries(
    Object.entries(method.options).map(([name, { default: value }]) => [name, value]),
  );
  const all = { ...defaults, epochs: tinyTraining.recipe.epochs, ...options } as never;
  try {
    checkMethod(method, all, { config: { ...forgetConfig, ...config }, parent, split });
    return null;
  } catch {
    return thrownBy(() => checkMethod(method, all, { config: { ...forgetConfig, ...config }, parent, split })).message;
  }
}

describe("a request without records", () => {
  it("is for methods that read none, and all others name those", () => {
    const nothing = { request: { kind: "none" } } as const;
    for (const method of methods) {
      const check = (): void => checkRequest(method, nothing);
      if (readsTrainingImages(method)) {
        const { code, message, hint } = thrownBy(check);
        expect([code, message]).toEqual(["E_ARG", `${method.name}: expected images to forget, got none`]);
        expect(hint).toBe(`name them; methods that need none are ${methodsWithoutTrainingImages().join(", ")}`);
      } else expect(check, method.name).not.toThrow();
      expect(() => checkRequest(method, { request: { kind: "random", count: 1 } })).not.toThrow();
    }
    expect(methodsWithoutTrainingImages()).toContain("clp");
  });
});

describe("what is forgotten from", () => {
  it.each(["train", "prune"] as const)("may be a run of kind %s", (kind) => {
    expect(() => checkForgettable(parentOf({ kind }))).not.toThrow();
  });

  it.each([
    ["forget", "got one that has forgotten already", /put both requests into one file of ids/],
    ["transfer", "got one that was transferred", /forget from the source/],
  ] as const)("is no run of kind %s", (kind, message, hint) => {
    const error = thrownBy(() => checkForgettable(parentOf({ kind })));
    expect([error.code, error.message]).toEqual([
      "E_CONFIG",
      `runs/original: expected an original or a pruned model, ${message}`,
    ]);
    expect(error.hint).toMatch(hint);
  });
});

describe("a method", () => {
  const [finetune, retrain, sisa, scrub] = ["finetune", "retrain", "sisa", "scrub"].map(methodNamed) as [
    Method,
    Method,
    Method,
    Method,
  ];
  const ensemble = parentOf({ model: { members: 3 } });
  const pruned = parentOf({ kind: "prune", mask });

  it("that changes the original cannot change an ensemble, one that trains new networks can", () => {
    expect(refusalOf(finetune, { parent: ensemble })).toBe(
      "finetune: expected an original of one network, got the ensemble of 3 in runs/original",
    );
    expect(refusalOf(retrain, { parent: ensemble })).toBeNull();
    expect(refusalOf(sisa, { parent: ensemble, options: { shards: 1, slices: 1 } })).toBeNull();
    for (const method of methods.filter(({ needs }) => needs.start === "original"))
      expect(refusalOf(method, { parent: ensemble }), method.name).toMatch(/expected an original of one network/);
  });

  it("makes a mask again only where one was made, in the original's epochs", () => {
    const options = { form: "exact" };
    expect(refusalOf(retrain, { options, parent: pruned })).toBeNull();
    expect(refusalOf(retrain, { options })).toBe(
      "retrain form exact: expected a pruned original, got the dense one in runs/original",
    );
    expect(refusalOf(retrain, { options: { ...options, epochs: 1 }, parent: pruned })).toBe(
      "retrain form exact: expected the original's 2 epochs, got 1",
    );
    expect(refusalOf(retrain, { options: { epochs: 1 }, parent: pruned })).toBeNull();
  });

  it("runs on live weights only where there are some, and where it needs no others", () => {
    const config = { engine: "sparse" } as const;
    expect(refusalOf(finetune, { config })).toMatch(/got a model without a mask$/);
    expect(refusalOf(finetune, { config, parent: pruned })).toBeNull();
    expect(refusalOf(retrain, { config, parent: pruned, options: { form: "exact" } })).toMatch(
      /got one for a method that needs all weights, to find another mask$/,
    );
    expect(refusalOf(methodNamed("clp"), { config, parent: pruned })).toMatch(
      /got one for a method that needs the shape of whole weights$/,
    );
    expect(refusalOf(methodNamed("clp"), { config: { engine: "auto" }, parent: pruned })).toBeNull();
  });

  it("that looks at held-out images needs some of the forgotten kind", () => {
    const options = { rewind: "validation" };
    expect(refusalOf(scrub, { options })).toBeNull();
    expect(refusalOf(scrub, { options, split: splitOf([6]) })).toMatch(/^scrub: expected images held out of training/);
    expect(refusalOf(scrub, { options: { rewind: "none" }, split: splitOf([]) })).toBeNull();
  });

  it("refuses what it cannot forget by itself, before anything runs", () => {
    expect(refusalOf(sisa, { options: { shards: 4, slices: 2 } })).toBe(
      "shards: expected at least one of 5 images for each slice, got 4 shards of 2 slices",
    );
  });
});

it("tells methods how much is forgotten, and from what", () => {
  expect(forgottenOf(splitOf(), parentOf({ mask }))).toEqual({
    wholeClasses: true,
    share: 1 / 6,
    count: 1,
    masked: ["conv1.weight"],
    layers: 2,
  });
  const random = { ...splitOf(), scenario: { kind: "random" } } as unknown as SplitManifest;
  expect(forgottenOf(random, parentOf())).toMatchObject({ wholeClasses: false, masked: [] });
});
