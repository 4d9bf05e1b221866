import fc from "fast-check";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fitSvc, svcDecision, type SvcModel } from "../../../../src/evaluate/svc/svc.ts";
import { cat, liveTensors, scope, type Tensor } from "../../../../src/torch/index.ts";
import { thrownBy } from "../../../support/thrown-by.ts";
import { gaussianKernel, largestDifference, matrix, normal, signs, vector } from "../samples.ts";

/** Decisions on `queries` of a classifier trained on members and non-members. */
function decisions(members: Tensor, others: Tensor, queries: Tensor): number[] {
  const model = fitSvc(cat([members, others]), signs(members.shape[0] ?? 0, others.shape[0] ?? 0));
  return svcDecision(model, queries).toArray();
}

interface Drawn {
  readonly seed: number;
  readonly members: number;
  readonly others: number;
  readonly width: number;
  readonly shift: number;
  /** Decimals that features are rounded to: few make duplicates. */
  readonly digits: number;
}

describe("fitSvc", () => {
  it("separates two points by α = 1 / (1 - k), the midpoint on the boundary", () => {
    const k = Math.exp(-1);
    const model = fitSvc(matrix([[0], [1]]), vector([1, -1]));
    expect(model.coefficients_S.abs().toArray()).toEqual([
      expect.closeTo(1 / (1 - k), 8),
      expect.closeTo(1 / (1 - k), 8),
    ]);
    expect(model.intercept).toBeCloseTo(0, 10);
    const [atMember = NaN, between = NaN, atOther = NaN] = svcDecision(model, matrix([[0], [0.5], [1]])).toArray();
    expect(atMember).toBeCloseTo(1, 8);
    expect(between).toBeCloseTo(0, 10);
    expect(atOther).toBeCloseTo(-1, 8);
  });

  it("leaves two close points at the bound: decisions ±C (1 - k)", () => {
    const k = Math.exp(-0.01);
    const found = decisions(matrix([[0]]), matrix([[0.1]]), matrix([[0], [0.1]]));
    expect(found).toEqual([expect.closeTo(3 * (1 - k), 8), expect.closeTo(-3 * (1 - k), 8)]);
  });

  it("satisfies the conditions of optimality for any training set", () => {
    const sets: fc.Arbitrary<Drawn> = fc.record({
      seed: fc.nat(1000),
      members: fc.integer({ min: 1, max: 40 }),
      others: fc.integer({ min: 1, max: 40 }),
      width: fc.integer({ min: 1, max: 4 }),
      shift: fc.double({ min: 0, max: 3, noNaN: true }),
      digits: fc.constantFrom(0, 1, 12),
    });
    const check = ({ seed, members, others, width, shift, digits }: Drawn): void =>
      scope(() => {
        const raw = cat([normal(seed, members, width, shift), normal(seed + 5000, others, width)]);
        const features = raw
          .mul(10 ** digits)
          .round()
          .div(10 ** digits);
        const labels = signs(members, others);
        const model = fitSvc(features, labels);
        expect(model.violation).toBeLessThan(1e-5);
        const margins = svcDecision(model, features).mul(labels);
        const sumOfMultipliers = model.coefficients_S.abs().sum().item();
        const hinge = margins.neg().add(1).clampMin(0).sum().item();
        // At the optimum ‖w‖² = Σα - C Σ hinge, and α is balanced; by how much they may miss it, the violation says.
        const bounds = 3 * (members + others);
        const furthest = Math.max(1, margins.sub(1).abs().max().item());
        const gap = Math.abs(normSquared(model) - (sumOfMultipliers - 3 * hinge));
        expect(gap).toBeLessThan(1e-6 + 2 * model.violation * bounds * furthest);
        expect(Math.abs(model.coefficients_S.sum().item())).toBeLessThan(1e-6 + 3 * model.violation);
      });
    fc.assert(fc.property(sets, check), { numRuns: 30 });
  });

  it("merges duplicates without changing the solution", () => {
    const [members, others, queries] = [normal(1, 25, 1, 0.7), normal(2, 25, 1), normal(3, 20, 1)];
    const labels = signs(25, 25);
    const features = cat([members, others]);
    const single = svcDecision(fitSvc(features, labels, { cost: 3 }), queries);
    const tripled = fitSvc(cat([features, features, features]), cat([labels, labels, labels]), { cost: 1 });
    expect(largestDifference(single, svcDecision(tripled, queries))).toBeLessThan(1e-6);
    const nudged = cat([features, features.add(1e-10), features.sub(1e-10)]);
    const unmerged = fitSvc(nudged, cat([labels, labels, labels]), { cost: 1 });
    expect(largestDifference(single, svcDecision(unmerged, queries))).toBeLessThan(1e-6);
  });

  it("does not depend on the order of the samples and negates with the labels", () => {
    const features = cat([normal(1, 20, 2, 0.5), normal(2, 20, 2)]);
    const labels = signs(20, 20);
    const queries = normal(3, 10, 2);
    const forward = svcDecision(fitSvc(features, labels), queries);
    const reversed = svcDecision(fitSvc(features.flip([0]), labels.flip([0])), queries);
    expect(largestDifference(forward, reversed)).toBeLessThan(1e-9);
    const negated = svcDecision(fitSvc(features, labels.neg()), queries);
    expect(largestDifference(forward, negated.neg())).toBeLessThan(1e-6);
  });

  it("grows its factor when the first one is not good enough", () => {
    const features = cat([normal(1, 460, 6, 0.2), normal(2, 460, 6)]);
    const firstRank = Math.floor(Math.sqrt(7.5e8 / 920));
    const model = fitSvc(features, signs(460, 460), { gamma: 3 });
    expect(model.rank).toBeGreaterThan(firstRank);
    expect(model.violation).toBeLessThan(1e-4);
  });

  it("refuses to return what is not a solution", () => {
    const error = thrownBy(() => fitSvc(normal(1, 100, 5), signs(50, 50), { maxRank: 2 }));
    expect(error.code).toBe("E_NATIVE");
    expect(error.message).toMatch(/^svc: expected a violation of optimality of at most 0.001, got .* \(rank 2 of 100/);
  });

  it("frees every tensor but the model's", () => {
    const features = cat([normal(1, 20, 1, 1), normal(2, 20, 1)]);
    const labels = signs(20, 20);
    const before = liveTensors();
    scope(() => {
      const { kernel, coefficients_S } = fitSvc(features, labels);
      const held = Object.values(kernel).filter((value) => typeof value === "object").length + 1;
      expect(coefficients_S.isDisposed).toBe(false);
      expect(liveTensors()).toBe(before + held);
    });
    expect(liveTensors()).toBe(before);
  });
});

describe("fitSvc on degenerate scores", () => {
  it("has decision 0 when all scores are equal and the classes balanced", () => {
    const same = matrix(Array<[number]>(20).fill([0.3]));
    const found = decisions(same, same, matrix([[0.3], [5]]));
    expect(Math.max(...found.map(Math.abs))).toBeLessThan(1e-9);
  });

  it("sides with the larger class when all scores are equal", () => {
    const same = matrix(Array<[number]>(20).fill([0.3]));
    const [decision] = decisions(same.narrow(0, 0, 8), same, matrix([[0.3]]));
    expect(decision).toBeCloseTo(-1, 6);
  });

  it("follows the majority at each of two values", () => {
    const ones = (count: number, of: number): Tensor =>
      matrix(Array.from({ length: of }, (_, i) => [i < count ? 1 : 0]));
    const [atOne, atZero] = decisions(ones(45, 50), ones(30, 50), matrix([[1], [0]]));
    expect(atOne).toBeCloseTo(1, 6);
    expect(atZero).toBeCloseTo(-1, 6);
  });

  it("finds nothing in scores that differ by rounding only", () => {
    const saturated = (shift: number): Tensor =>
      matrix(Array.from({ length: 50 }, (_, i) => [1 - 1e-7 * ((i + shift) % 5)]));
    const found = decisions(saturated(0), saturated(2), saturated(1));
    expect(Math.max(...found.map(Math.abs))).toBeLessThan(1e-6);
  });
});

describe("fitSvc with unusable input", () => {
  const features = matrix([[0], [1]]);

  it.each([
    ["no members", () => fitSvc(features, vector([-1, -1])), "E_ARG", /both classes, \+1 and -1, got 0 and 2 of 2/],
    ["no non-members", () => fitSvc(features, vector([1, 1])), "E_ARG", /got 2 and 0 of 2/],
    ["labels 0 and 1", () => fitSvc(features, vector([0, 1])), "E_ARG", /got 1 and 0 of 2/],
    ["NaN", () => fitSvc(matrix([[NaN], [1]]), vector([1, -1])), "E_ARG", /finite numbers, got 1 that are not/],
    ["a missing label", () => fitSvc(features, vector([1])), "E_SHAPE", /got \[2, 1\] and \[1\]/],
    ["float32", () => fitSvc(features.to("float32"), vector([1, -1])), "E_DTYPE", /expected float64, got float32/],
    ["no cost", () => fitSvc(features, vector([1, -1]), { cost: 0 }), "E_ARG", /svc.cost/],
    ["a negative width", () => fitSvc(features, vector([1, -1]), { gamma: -1 }), "E_ARG", /svc.gamma/],
    ["a rank of 0", () => fitSvc(features, vector([1, -1]), { maxRank: 0 }), "E_ARG", /svc.maxRank/],
  ])("refuses %s", (_name, fit, code, message) => {
    const error = thrownBy(fit);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });
});

describe("fitSvc against scikit-learn", () => {
  interface Case {
    readonly members: number[][];
    readonly non_members: number[][];
    readonly queries: number[][];
    readonly decisions: number[];
    readonly member: number[];
    readonly intercept: number;
  }
  const path = new URL("../../../golden/evaluate/svc.json", import.meta.url);
  const cases = Object.entries(JSON.parse(readFileSync(path, "utf8")) as Record<string, Case>);

  it.each(cases)("%s: same decisions and predictions", (_name, { members, non_members, queries, ...expected }) => {
    const found = decisions(matrix(members), matrix(non_members), matrix(queries));
    const differences = found.map((value, i) => Math.abs(value - (expected.decisions[i] ?? NaN)));
    expect(Math.max(...differences)).toBeLessThan(1e-4); // scikit-learn's kernel is float32
    expect(found.map((value) => Number(value >= 0))).toEqual(expected.member);
  });
});

/** ‖w‖² of a model, from its support vectors. */
function normSquared({ kernel, coefficients_S }: SvcModel): number {
  const points = supportVectors({ kernel });
  return gaussianKernel(points, points, kernel.gamma).mv(coefficients_S).dot(coefficients_S).item();
}

function supportVectors({ kernel }: Pick<SvcModel, "kernel">): Tensor {
  const width = kernel.centre_1D.numel;
  return kernel.left_NE
    .narrow(1, 0, width)
    .div(2 * kernel.gamma)
    .add(kernel.centre_1D);
}
