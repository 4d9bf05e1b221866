import { describe, expect, it } from "vitest";
import { cleansingFindings } from "../../../../src/experiments/grid/cleansing-findings.ts";
import type { CleansingCell, SummaryRecord } from "../../../../src/record/index.ts";

const of = (mean: number): SummaryRecord => ({ mean, deviation: null, interval: null, n: 1 });

function cell(sparsity: number, before: number, after: number): CleansingCell {
  return {
    attack: "badnets",
    sparsity,
    label: "FT",
    options: {},
    repetitions: [],
    ASRReferenceBefore: of(before),
    ASRReference: of(after),
    SABefore: of(0.5),
    SA: of(0.48),
  };
}

describe("the finding on Trojaned models", () => {
  it("is reproduced where the attack fails at every sparsity from 90 % on", () => {
    const [finding] = cleansingFindings([cell(0, 0.99, 0.5), cell(0.9, 0.99, 0.15), cell(0.95, 1, 0.12)]);
    expect(finding?.verdict).toBe("reproduced");
    expect(finding?.ours).toContain(
      "sparsity 0.9: attack success 0.990 (n = 1) to 0.150 (n = 1), clean accuracy 0.500 (n = 1) to 0.480 (n = 1)",
    );
  });

  it("is not where it still works at one of them", () => {
    expect(cleansingFindings([cell(0.9, 0.99, 0.15), cell(0.95, 1, 0.9)])[0]?.verdict).toBe("not reproduced");
  });

  it("is not judged where no sparse model was cleansed, or of another attack", () => {
    expect(cleansingFindings([cell(0, 0.99, 0.15)])).toEqual([]);
    expect(cleansingFindings([{ ...cell(0.9, 0.99, 0.15), attack: "sig" }])).toEqual([]);
  });

  it("is not testable where the backdoor was never planted, and says so", () => {
    const [finding] = cleansingFindings([cell(0, 0.99, 0.5), cell(0.9, 0.8, 0.15)]);
    expect(finding?.verdict).toBe("not testable at this scale");
    expect(finding?.ours).toContain("not every model reaches an attack success of 0.95");
    expect(
      cleansingFindings([{ attack: "badnets", sparsity: 0.9, label: "FT", options: {}, repetitions: [] }])[0]?.verdict,
    ).toBe("not testable at this scale");
  });
});
