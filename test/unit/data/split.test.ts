import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Labels } from "../../../src/data/dataset.ts";
import { drawForgetSet } from "../../../src/data/forget-set.ts";
import type { ForgetRequest } from "../../../src/record/forget-request.ts";
import { makeBaseSplit, withForgetSet } from "../../../src/data/split.ts";
import type { SplitManifest } from "../../../src/record/split.ts";
import { canonicalJson, sha256Hex } from "../../../src/util/hash.ts";
import { RandomState } from "../../../src/util/random-state.ts";
import { readGoldenJson } from "../../support/golden.ts";
import { readRealLabels, realLabelsFile } from "../../support/real-labels.ts";
import { labelsBy, splitDataset } from "../../support/split-dataset.ts";
import { thrownBy } from "../../support/thrown-by.ts";

const listHash = (list: readonly number[]): string => sha256Hex(list.join(","));
const byClass = (labels: Labels, indices: readonly number[], wanted: number): number[] =>
  indices.filter((index) => labels[index] === wanted);
const diagonal = (index: number): number => (index + Math.floor(index / 10)) % 10;

describe("makeBaseSplit", () => {
  const dataset = splitDataset(
    labelsBy(100, (i) => (i < 60 ? 0 : 1)),
    labelsBy(20, (i) => i % 2),
    2,
  );

  it("holds out the same part of every class and forgets nothing", () => {
    const split = makeBaseSplit(dataset, { seed: 4 });
    const { train, validation, forget, retain, test } = split.indices;
    expect(byClass(dataset.train.labels, validation, 0)).toHaveLength(6);
    expect(byClass(dataset.train.labels, validation, 1)).toHaveLength(4);
    expect(train).toHaveLength(90);
    expect([forget, retain, test]).toEqual([[], train, labelsBy(20, (i) => i)]);
    expect(split).toMatchObject({ mode: "standard", seed: 4, validationFraction: 0.1, scenario: { kind: "none" } });
    expect(split.dataset).toEqual({
      name: "made-up",
      digest: dataset.digest,
      numTrain: 100,
      numTest: 20,
      numClasses: 2,
    });
  });

  it("gives every seed, 0 included, another validation set, always the same", () => {
    const sets = [0, 1, 2].map((seed) => makeBaseSplit(dataset, { seed }).hash);
    expect(new Set(sets).size).toBe(3);
    expect([0, 1, 2].map((seed) => makeBaseSplit(dataset, { seed }).hash)).toEqual(sets);
  });

  it("rounds the count of a class to the nearest", () => {
    const { validation } = makeBaseSplit(dataset, { seed: 1, validationFraction: 0.09 }).indices;
    expect(byClass(dataset.train.labels, validation, 0)).toHaveLength(5); // 5.4
    expect(byClass(dataset.train.labels, validation, 1)).toHaveLength(4); // 3.6
  });

  it("can do without validation", () => {
    const { train, validation } = makeBaseSplit(dataset, { seed: 1, validationFraction: 0 }).indices;
    expect([train.length, validation]).toEqual([100, []]);
  });

  it.each([
    [{ seed: -1 }, "seed: expected an integer >= 0, got -1"],
    [{ seed: 1.5 }, "seed: expected an integer >= 0, got 1.5"],
    [{ seed: 1, mode: "refrence" as "reference" }, 'mode: expected one of standard, reference, got "refrence"'],
    [{ seed: 1, validationFraction: 1 }, "validationFraction: expected a number in [0, 1), got 1"],
    [{ seed: 1, validationFraction: NaN }, "validationFraction: expected a number in [0, 1), got NaN"],
    [{ seed: 1, validationFraction: 0.999 }, "validationFraction: expected images left to train on, got 0.999"],
  ])("refuses %j", (options, message) => {
    const error = thrownBy(() => makeBaseSplit(dataset, options));
    expect([error.code, error.message]).toEqual(["E_ARG", expect.stringContaining(message)]);
  });

  it.each([
    [{ seed: 0 }, "seed: expected an integer >= 1 in mode reference, got 0", "seed - 1"],
    [{ seed: 1, validationFraction: 0.2 }, "validationFraction: expected 0.1 in mode reference, got 0.2", "a tenth"],
  ])("refuses %j in mode reference", (options, message, reason) => {
    const error = thrownBy(() => makeBaseSplit(dataset, { ...options, mode: "reference" }));
    expect([error.code, error.message]).toEqual(["E_CONFIG", message]);
    expect(error.hint).toContain(reason);
    expect(error.hint).toContain("mode standard");
  });
});

describe("withForgetSet", () => {
  const dataset = splitDataset(labelsBy(200, diagonal), labelsBy(50, diagonal));
  const base = makeBaseSplit(dataset, { seed: 3 });

  it("takes a forgotten class out of the test set too", () => {
    const split = withForgetSet(base, { kind: "class", classes: [3, "one"] }, dataset);
    const gone = (label: number | undefined): boolean => label === 1 || label === 3;
    expect(split.scenario).toEqual({ kind: "class", classes: [1, 3] });
    expect(split.indices.forget).toEqual(base.indices.train.filter((index) => gone(dataset.train.labels[index])));
    expect(split.indices.test).toEqual(base.indices.test.filter((index) => !gone(dataset.test.labels[index])));
    expect(split.indices.test).toHaveLength(40);
  });

  it("leaves the test set whole otherwise, and the original split too", () => {
    const before = structuredClone(base);
    const split = withForgetSet(base, { kind: "random", fraction: 0.1 }, dataset);
    expect(split.indices.test).toEqual(base.indices.test);
    expect(split.scenario).toEqual({ kind: "random", count: 18, fraction: 0.1, seed: 3 });
    expect(base).toEqual(before);
  });

  it("starts from the training images, whatever was forgotten before", () => {
    const request: ForgetRequest = { kind: "random", count: 5 };
    const earlier = withForgetSet(base, { kind: "class", classes: [2] }, dataset);
    expect(withForgetSet(earlier, request, dataset)).toEqual(withForgetSet(base, request, dataset));
  });

  it("draws by a separate seed", () => {
    const request: ForgetRequest = { kind: "random", count: 20 };
    const own = withForgetSet(base, request, dataset, { seed: 0 });
    expect(own.scenario).toMatchObject({ seed: 0 });
    expect(own.indices.forget).not.toEqual(withForgetSet(base, request, dataset).indices.forget);
    expect(own.baseHash).toBe(base.baseHash);
  });

  it("has the one seed of the reference implementation in its mode", () => {
    const reference = makeBaseSplit(dataset, { seed: 3, mode: "reference" });
    const request: ForgetRequest = { kind: "random", count: 20 };
    const split = withForgetSet(reference, request, dataset, { seed: 2 });
    expect(split).toEqual(withForgetSet(reference, request, dataset));
    expect(split.scenario).toMatchObject({ seed: 2 });
    const error = thrownBy(() => withForgetSet(reference, request, dataset, { seed: 3 }));
    expect([error.code, error.message]).toEqual(["E_CONFIG", expect.stringContaining("forget seed: expected 2")]);
  });

  it("refuses a split of other data", () => {
    const other = splitDataset(
      labelsBy(200, () => 1),
      labelsBy(50, diagonal),
    );
    const error = thrownBy(() => withForgetSet(base, { kind: "class", classes: [3] }, other));
    expect([error.code, error.message]).toEqual(["E_CONFIG", expect.stringContaining(other.digest)]);
  });
});

describe("any split", () => {
  const labels = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 12, maxLength: 80 });
  const options = fc.record({
    seed: fc.integer({ min: 1, max: 5 }),
    validationFraction: fc.constantFrom(0, 0.1, 0.3),
  });
  const forgotten = fc.record({ count: fc.integer({ min: 1, max: 4 }), seed: fc.integer({ min: 0, max: 3 }) });
  const made = fc.tuple(labels, labels, options, forgotten).map(([train, test, base, { count, seed }]) => () => {
    const dataset = splitDataset(train, test, 5);
    return withForgetSet(makeBaseSplit(dataset, base), { kind: "random", count }, dataset, { seed });
  });

  it("has disjoint parts that cover the training images", () => {
    fc.assert(
      fc.property(made, (make) => {
        const { dataset, indices } = make();
        const { train, validation, forget, retain, test } = indices;
        const ascending = (lists: readonly (readonly number[])[]): number[] => lists.flat().toSorted((a, b) => a - b);
        expect(ascending([validation, forget, retain])).toEqual(labelsBy(dataset.numTrain, (i) => i));
        expect(ascending([forget, retain])).toEqual(train);
        expect(test).toEqual(labelsBy(dataset.numTest, (i) => i));
      }),
    );
  });

  it("is the same when made again", () => {
    fc.assert(
      fc.property(made, (make) => {
        expect(make()).toEqual(make());
      }),
    );
  });

  it("has another hash exactly when its content differs", () => {
    const content = ({ hash: _hash, ...rest }: SplitManifest): string => canonicalJson(rest);
    fc.assert(
      fc.property(made, made, (makeOne, makeOther) => {
        const [one, other] = [makeOne(), makeOther()];
        expect(one.hash === other.hash).toBe(content(one) === content(other));
      }),
    );
    const dataset = splitDataset(labelsBy(40, diagonal), [1]);
    const few = fc.record({ seed: fc.integer({ min: 0, max: 1 }), validationFraction: fc.constantFrom(0, 0.5) });
    fc.assert(
      fc.property(few, few, (one, other) => {
        const equal = makeBaseSplit(dataset, one).hash === makeBaseSplit(dataset, other).hash;
        expect(equal).toBe(canonicalJson(one) === canonicalJson(other));
      }),
    );
  });
});

interface GoldenDraw extends Record<"test_sha256" | "forget_sha256", string> {
  class_to_replace: number;
  num_indexes_to_replace: number | null;
  n_test: number;
}
interface GoldenCase extends GoldenDraw {
  kind: string;
  retain_sha256: string;
  forget_sorted?: number[];
}
interface GoldenSplit extends Record<"n" | "n_test_full" | "seed", number> {
  val_in_draw_order: number[];
  train_sha256_ascending: string;
  cases: GoldenCase[];
}

describe("mode reference", () => {
  const quadratic = (index: number): number => (7 * index * index + 3 * index) % 10;
  const reference = { mode: "reference" } as const;

  /** The draw of a case; some cases (a part of a class, everything) are no forget set that can be asked for. */
  const forgetOf = (base: SplitManifest, dataset: ReturnType<typeof splitDataset>, draw: GoldenDraw): number[] => {
    const { class_to_replace: wanted, num_indexes_to_replace: count } = draw;
    const { train } = base.indices;
    const candidates = wanted === -1 ? train : byClass(dataset.train.labels, train, wanted);
    return drawForgetSet(candidates, count ?? candidates.length, new RandomState(base.seed - 1));
  };

  it.each([
    ["labels_a_seed1", quadratic],
    ["labels_a_seed2", quadratic],
    ["labels_b_seed1", diagonal],
    ["labels_b_seed2", diagonal],
  ] as const)("makes the splits of %s", (name, rule) => {
    const golden = readGoldenJson<GoldenSplit>(`splits/${name}.json`);
    const dataset = splitDataset(labelsBy(golden.n, rule), labelsBy(golden.n_test_full, diagonal));
    const base = makeBaseSplit(dataset, { ...reference, seed: golden.seed });
    expect(base.indices.validation).toEqual(golden.val_in_draw_order.toSorted((a, b) => a - b));
    expect(listHash(base.indices.train)).toBe(golden.train_sha256_ascending);
    for (const draw of golden.cases) {
      const forget = forgetOf(base, dataset, draw);
      expect(listHash(forget), draw.kind).toBe(draw.forget_sha256);
      if (draw.forget_sorted !== undefined) expect(forget).toEqual(draw.forget_sorted);
      if (draw.kind !== "random" && draw.kind !== "class") continue;
      const request: ForgetRequest =
        draw.kind === "random"
          ? { kind: "random", count: forget.length }
          : { kind: "class", classes: [draw.class_to_replace] };
      const split = withForgetSet(base, request, dataset);
      expect(split.indices.forget, draw.kind).toEqual(forget);
      expect(listHash(split.indices.retain), draw.kind).toBe(draw.retain_sha256);
      expect(listHash(split.indices.test), draw.kind).toBe(draw.test_sha256);
    }
  });

  it("removes whole classes from the test set, and nothing else", () => {
    const golden = readGoldenJson<{ n: number; n_test_full: number; seed: number; rows: GoldenDraw[] }>(
      "splits/test_removal.json",
    );
    const dataset = splitDataset(labelsBy(golden.n, diagonal), labelsBy(golden.n_test_full, diagonal));
    const base = makeBaseSplit(dataset, { ...reference, seed: golden.seed });
    for (const row of golden.rows) {
      const { class_to_replace: wanted, num_indexes_to_replace: count } = row;
      const forget = forgetOf(base, dataset, row);
      expect(listHash(forget)).toBe(row.forget_sha256);
      const isWhole = wanted !== -1 && count !== 4499;
      const request: ForgetRequest = isWhole
        ? { kind: "class", classes: [wanted] }
        : { kind: "random", count: forget.length };
      const { test } = withForgetSet(base, request, dataset).indices;
      expect([test.length, listHash(test)]).toEqual([row.n_test, row.test_sha256]);
    }
  });

  it("shows what two seeds for one model would do", () => {
    type Count = "n" | "num_indexes_to_replace" | "train_b_not_in_train_a" | "forget_b_never_trained";
    const golden = readGoldenJson<Record<Count, number> & { forget_b_sha256: string }>("splits/seed_overlap.json");
    const dataset = splitDataset(labelsBy(golden.n, diagonal), [0]);
    const original = makeBaseSplit(dataset, { ...reference, seed: 1 });
    const other = makeBaseSplit(dataset, { ...reference, seed: 2 });
    const { forget } = withForgetSet(other, { kind: "random", count: golden.num_indexes_to_replace }, dataset).indices;
    const trained = new Set(original.indices.train);
    const notTrained = (list: readonly number[]): number => list.filter((index) => !trained.has(index)).length;
    expect(listHash(forget)).toBe(golden.forget_b_sha256);
    expect(notTrained(other.indices.train)).toBe(golden.train_b_not_in_train_a);
    expect(notTrained(forget)).toBe(golden.forget_b_never_trained);
    expect(original.baseHash).not.toBe(other.baseHash);
  });

  type RealRow = Record<"seed" | "random_num" | "forget_class", number> &
    Record<"forget_random_sha256" | "forget_class_sha256", string>;
  for (const name of ["fashion-mnist", "cifar-10"] as const) {
    const file = realLabelsFile(name);
    if (file === undefined) {
      it.skip(`left out, no ${name}: makes its splits`);
      continue;
    }
    it(`makes the splits of ${name}`, { timeout: 60_000 }, async () => {
      const golden = readGoldenJson<{ label_sha256: string; rows: RealRow[] }>(`splits/real_${name}.json`);
      const labels = await readRealLabels(name, file);
      expect(listHash(labels)).toBe(golden.label_sha256);
      const dataset = splitDataset(labels, [0]);
      for (const row of golden.rows) {
        const base = makeBaseSplit(dataset, { ...reference, seed: row.seed });
        const random = withForgetSet(base, { kind: "random", count: row.random_num }, dataset);
        const oneClass = withForgetSet(base, { kind: "class", classes: [row.forget_class] }, dataset);
        expect(listHash(random.indices.forget)).toBe(row.forget_random_sha256);
        expect(listHash(oneClass.indices.forget)).toBe(row.forget_class_sha256);
      }
    });
  }
});
