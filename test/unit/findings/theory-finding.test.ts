import { describe, expect, it } from "vitest";
import { theoryFinding } from "../../../src/findings/theory-finding.ts";

type Correlation = Parameters<typeof theoryFinding>[0][number];

const of = (optimizer: string, interval: Correlation["interval"], pearson = 0.9): Correlation => ({
  optimizer,
  n: 6,
  pearson,
  logarithms: pearson,
  interval,
});

describe("the finding of proposition 2", () => {
  it("is reproduced where the correlation of every optimiser is above zero, whatever that over all of them is", () => {
    const finding = theoryFinding([of("SGD", [0.35, 0.99]), of("Adam", [0.5, 0.99]), of("all", [-0.5, 0.6], 0.1)], 2);
    expect(finding.verdict).toBe("reproduced");
    expect(finding.ours).toBe(
      "SGD: correlation of bound and error +0.90 (95 % interval +0.35 to +0.99, n = 6 points); Adam: correlation of bound and error +0.90 (95 % interval +0.50 to +0.99, n = 6 points); points of 2 seeds",
    );
  });

  it("is not where one is below, and not testable where one spans zero or has no interval", () => {
    expect(theoryFinding([of("SGD", [0.3, 0.9]), of("Adam", [-0.9, -0.1], -0.6)], 2).verdict).toBe("not reproduced");
    expect(theoryFinding([of("SGD", [0.3, 0.9]), of("Adam", [-0.1, 0.9])], 2).verdict).toBe(
      "not testable at this scale",
    );
    expect(theoryFinding([of("SGD", [0.3, 0.9]), of("Adam", null)], 2).verdict).toBe("not testable at this scale");
    expect(theoryFinding([of("SGD", [0.3, 0.9])], 1).verdict).toBe("not testable at this scale");
    expect(theoryFinding([], 2).verdict).toBe("not testable at this scale");
  });
});
