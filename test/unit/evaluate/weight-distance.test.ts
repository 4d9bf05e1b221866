import { describe, expect, it } from "vitest";
import { weightDistance } from "../../../src/evaluate/weight-distance.ts";
import { tensor } from "../../../src/torch/index.ts";
import { thrownBy } from "../../support/thrown-by.ts";

const parameters = new Map([
  ["a", tensor([1, 2])],
  ["b", tensor([3])],
]);

describe("weightDistance", () => {
  it("is the Euclidean distance over all parameters", () => {
    const reference = new Map([
      ["b", tensor([1])],
      ["a", tensor([0, 0])],
    ]);
    expect(weightDistance.measure({ parameters, reference })).toBe(3); // √(1 + 4 + 4)
    expect(weightDistance.measure({ parameters, reference: parameters })).toBe(0);
  });

  it("keeps digits that float32 sums lose", () => {
    const reference = new Map([
      ["a", tensor([1 + 2 ** -23, 2])],
      ["b", tensor([3])],
    ]);
    expect(weightDistance.measure({ parameters, reference })).toBe(2 ** -23);
  });

  it("refuses models with different parameters", () => {
    const missing = thrownBy(() => weightDistance.measure({ parameters, reference: new Map([["a", tensor([0, 0])]]) }));
    expect(missing).toMatchObject({ code: "E_CHECKPOINT", message: expect.stringContaining("weight-distance.b") });
    const reshaped = new Map([...parameters, ["b", tensor([1, 2])]]);
    expect(thrownBy(() => weightDistance.measure({ parameters, reference: reshaped })).message).toContain(
      "got [1] and [2]",
    );
  });
});
