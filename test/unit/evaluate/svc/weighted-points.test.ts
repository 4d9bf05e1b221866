import { describe, expect, it } from "vitest";
import { mergeDuplicates } from "../../../../src/evaluate/svc/weighted-points.ts";
import { matrix, vector } from "../samples.ts";

describe("mergeDuplicates", () => {
  it("counts equal samples of a class and keeps the classes apart", () => {
    const features = matrix([
      [1, 2],
      [1, 2],
      [1, 2],
      [1, 3],
    ]);
    const { features_PD, labels_P, counts_P } = mergeDuplicates(features, vector([1, -1, 1, 1]));
    expect(features_PD.toArray()).toEqual([1, 2, 1, 2, 1, 3]);
    expect(labels_P.toArray()).toEqual([-1, 1, 1]);
    expect(counts_P.toArray()).toEqual([1, 2, 1]);
  });

  it("does not merge what differs in the last bit", () => {
    const { counts_P } = mergeDuplicates(matrix([[1], [1 + Number.EPSILON]]), vector([1, 1]));
    expect(counts_P.toArray()).toEqual([1, 1]);
  });
});
