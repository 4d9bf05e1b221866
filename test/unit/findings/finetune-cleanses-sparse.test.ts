import { describe, expect, it } from "vitest";
import { finetuneCleansesSparse } from "../../../src/findings/finetune-cleanses-sparse.ts";
import type { BackdoorCell } from "../../../src/record/index.ts";
import { cellOf } from "./made-up-cells.ts";

const dense = cellOf({ before: [0.99, 1], after: [0.5, 0.51] });
const sparse = cellOf({ sparsity: 0.9, before: [0.99, 1], after: [0.14, 0.142], SA: [0.49, 0.48] });

function judged(...cells: BackdoorCell[]): [verdict: string, ours: string] {
  const { verdict, ours } = finetuneCleansesSparse.judge(finetuneCleansesSparse.select(cells));
  return [verdict, ours];
}

describe("the finding on Trojaned models", () => {
  it("is reproduced where the attack fails at 90 % sparsity, works on the dense model, and accuracy is kept", () => {
    const [verdict, ours] = judged(dense, sparse);
    expect(verdict).toBe("reproduced");
    // Of two seeds the half width is 12.7 times half their difference.
    expect(ours).toContain(
      "sparsity 0.9: attack success 99.5 to 14.1 % (12.8 to 15.4), clean accuracy 50.0 to 48.5 %, n = 2",
    );
    expect(ours).toContain("no model up to sparsity 0.95 loses more than 2.0 points of clean accuracy on average");
  });

  it("is not where the attack still works at a high sparsity, with its whole interval", () => {
    const working = cellOf({ sparsity: 0.95, before: [1, 1], after: [0.9, 0.9] });
    expect(judged(dense, sparse, working)).toEqual([
      "not reproduced",
      expect.stringContaining("the backdoor stays at sparsity 0.95"),
    ]);
  });

  it("is not where the backdoor goes from the dense model too", () => {
    const gone = cellOf({ before: [1, 1], after: [0.1, 0.1] });
    expect(judged(gone, sparse)).toEqual([
      "not reproduced",
      expect.stringContaining("it goes from the dense model too"),
    ]);
  });

  it("is not where up to 95 % sparsity more than two points of accuracy are lost; beyond, they may be", () => {
    const costly = (sparsity: number) => cellOf({ sparsity, before: [1, 1], after: [0.1, 0.1], SA: [0.47, 0.47] });
    expect(judged(dense, costly(0.95))).toEqual([
      "not reproduced",
      expect.stringContaining(
        "clean accuracy falls by 3.0 points at sparsity 0.95 on average, where 2.0 points are allowed",
      ),
    ]);
    expect(judged(dense, sparse, costly(0.99))[0]).toBe("reproduced");
    expect(judged(cellOf({ before: [1, 1], after: [0.5, 0.5], SA: [0.4, 0.4] }), sparse)[0]).toBe("not reproduced");
  });

  it("is not testable where an interval holds 0.2, though the mean is below", () => {
    const unsure = cellOf({ sparsity: 0.95, before: [1, 1], after: [0.05, 0.15] });
    expect(judged(dense, sparse, unsure)).toEqual([
      "not testable at this scale",
      expect.stringContaining("the interval of the attack success after holds 0.2: at sparsity 0.95"),
    ]);
    expect(judged(cellOf({ before: [1, 1], after: [0.2, 0.4] }), sparse)[1]).toContain("holds 0.2: in the dense model");
  });

  it("is not testable with one seed, or without a dense model", () => {
    const single = [
      cellOf({ before: [1], after: [0.5] }),
      cellOf({ sparsity: 0.9, before: [1], after: [0.1] }),
    ] as const;
    expect(judged(...single)).toEqual(["not testable at this scale", expect.stringContaining("a single seed")]);
    expect(judged(sparse)).toEqual(["not testable at this scale", expect.stringContaining("no dense model")]);
  });

  it("is about the cells of its attack and of FT, if a sparse model is among them", () => {
    const { select } = finetuneCleansesSparse;
    expect(select([dense, sparse, { ...sparse, label: "l1-sparse" }])).toEqual([dense, sparse]);
    expect(select([dense])).toEqual([]);
    expect(select([{ ...sparse, attack: "sig" }])).toEqual([]);
  });

  it("is not testable where the backdoor was never planted with some seed, or nothing ended, and says so", () => {
    expect(judged(dense, cellOf({ sparsity: 0.9, before: [0.99, 0.95], after: [0.1, 0.1] }))).toEqual([
      "not testable at this scale",
      expect.stringContaining("not every model has an attack success above 0.95 before"),
    ]);
    expect(judged(cellOf({ sparsity: 0.9, before: [], after: [] }))).toEqual([
      "not testable at this scale",
      "no values",
    ]);
  });
});
