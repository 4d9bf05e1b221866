import { describe, expect, it } from "vitest";
import { errorFollowsBound, type TheoryResults } from "../../../src/findings/error-follows-bound.ts";

type Correlation = TheoryResults["correlations"][number];

const judge = (correlations: readonly Correlation[], seeds: number): ReturnType<typeof errorFollowsBound.judge> =>
  errorFollowsBound.judge({ correlations, seeds });

const of = (optimizer: string, interval: Correlation["interval"], pearson = 0.9): Correlation => ({
  optimizer,
  n: 6,
  pearson,
  logarithms: pearson,
  interval,
});

describe("the finding of proposition 2", () => {
  it("is reproduced where the correlation of every optimiser is above zero, whatever that over all of them is", () => {
    const finding = judge([of("SGD", [0.35, 0.99]), of("Adam", [0.5, 0.99]), of("all", [-0.5, 0.6], 0.1)], 2);
    expect(finding.verdict).toBe("reproduced");
    expect(finding.ours).toBe(
      "SGD: correlation of bound and error +0.90 (95 % interval +0.35 to +0.99, n = 6 points); Adam: correlation of bound and error +0.90 (95 % interval +0.50 to +0.99, n = 6 points); points of 2 seeds",
    );
  });

  it("is not where one is below, and not testable where one spans zero or has no interval", () => {
    expect(judge([of("SGD", [0.3, 0.9]), of("Adam", [-0.9, -0.1], -0.6)], 2).verdict).toBe("not reproduced");
    expect(judge([of("SGD", [0.3, 0.9]), of("Adam", [-0.1, 0.9])], 2).verdict).toBe("not testable at this scale");
    expect(judge([of("SGD", [0.3, 0.9]), of("Adam", null)], 2).verdict).toBe("not testable at this scale");
    expect(judge([of("SGD", [0.3, 0.9])], 1).verdict).toBe("not testable at this scale");
    expect(judge([], 2).verdict).toBe("not testable at this scale");
  });
});
