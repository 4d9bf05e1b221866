import { describe, expect, it } from "vitest";
import {
  compareScores,
  compareWithOracle,
  disparityAverage,
  disparityGain,
  type EvaluationMetrics,
  withoutGaps,
} from "../../../src/evaluate/oracle-gap.ts";
import { proportion } from "../../../src/evaluate/proportion.ts";
import { readGoldenJson } from "../../support/golden.ts";

type Row = Record<"UA" | "MIA" | "RA" | "TA", number>;

/** Metrics with the values given, on 10,000 images each. */
function metricsOf({ UA, MIA, RA, TA }: Row, seconds: number): EvaluationMetrics {
  const metric = (value: number) => ({ ...proportion(0, 10_000, "match-oracle"), value });
  const [confidence, other] = [metric(MIA), metric(0.5)];
  return {
    UA: metric(UA),
    RA: metric(RA),
    TA: metric(TA),
    MIA: { correctness: other, confidence, entropy: other, m_entropy: other, prob: other },
    RTE: { seconds },
  };
}

describe("compareWithOracle", () => {
  const ours = metricsOf({ UA: 0.25, MIA: 0.5, RA: 1, TA: 0.75 }, 10);
  const oracle = metricsOf({ UA: 1, MIA: 1, RA: 1, TA: 0.5 }, 80);
  const compared = compareWithOracle(ours, oracle);

  it("adds the distance and its sign to every metric", () => {
    expect(compared.metrics.UA).toMatchObject({ ...ours.UA, gap: 0.75, signedGap: -0.75 });
    expect(compared.metrics.TA).toMatchObject({ ...ours.TA, gap: 0.25, signedGap: 0.25 });
    expect(compared.metrics.MIA.confidence).toMatchObject({ gap: 0.5, signedGap: -0.5 });
    expect(compared.metrics.MIA.prob).toMatchObject({ gap: 0, signedGap: 0 });
    expect(compared.metrics.RTE).toEqual({ seconds: 10, gap: 70, signedGap: -70 });
  });

  it("averages the gaps of UA, MIA by confidence, RA and TA", () => {
    expect(compared.disparityAverage).toBe((0.75 + 0.5 + 0 + 0.25) / 4);
  });

  it("gives the four compared scores, and their average, intervals that hold them", () => {
    const { UA, MIA, RA, TA } = compared.metrics;
    for (const { signedGap = NaN, gapInterval: [low, high] = [NaN, NaN] } of [UA, MIA.confidence, RA, TA]) {
      expect(low).toBeLessThanOrEqual(signedGap);
      expect(high).toBeGreaterThanOrEqual(signedGap);
    }
    expect(MIA.prob.gapInterval).toBeUndefined();
    expect(compared.disparityInterval[0]).toBeLessThan(compared.disparityAverage);
    expect(compared.disparityInterval[1]).toBeGreaterThan(compared.disparityAverage);
  });

  it("gives a model before the same columns, without a time", () => {
    const { RTE: _RTE, ...scores } = ours;
    const before = compareScores(scores, oracle);
    const { RTE: _time, ...metrics } = compared.metrics;
    expect(before).toEqual({ ...compared, metrics });
    expect(withoutGaps(before.metrics)).toEqual(scores);
  });

  it("says what was gained: Disparity Ave. before minus after", () => {
    const { value, interval } = disparityGain(oracle, ours, oracle);
    expect(value).toBe(compared.disparityAverage);
    expect(interval[0]).toBeGreaterThan(0);
    expect(disparityGain(ours, ours, oracle).value).toBe(0);
  });

  it("is 0 for the oracle itself", () => {
    expect(compareWithOracle(oracle, oracle).disparityAverage).toBe(0);
  });
});

interface Fixture {
  readonly row: Row;
  readonly retrain_row: Row;
  readonly gaps: Row;
  readonly disparity_average: number;
  readonly published_examples: { gaps: [number, number, number, number]; printed: number }[];
}

describe("gaps of the fixtures", () => {
  const fixture = readGoldenJson<Fixture>("metrics/accuracy.json");
  const fractions = (row: Row): Row => ({ UA: row.UA / 100, MIA: row.MIA / 100, RA: row.RA / 100, TA: row.TA / 100 });

  it("of a method and Retrain", () => {
    const compared = compareWithOracle(
      metricsOf(fractions(fixture.row), 0),
      metricsOf(fractions(fixture.retrain_row), 0),
    );
    expect(compared.metrics.UA.gap).toBeCloseTo(fixture.gaps.UA / 100, 12);
    expect(compared.metrics.MIA.confidence.gap).toBeCloseTo(fixture.gaps.MIA / 100, 12);
    expect(compared.metrics.RA.gap).toBeCloseTo(fixture.gaps.RA / 100, 12);
    expect(compared.metrics.TA.gap).toBeCloseTo(fixture.gaps.TA / 100, 12);
    expect(compared.disparityAverage).toBeCloseTo(fixture.disparity_average / 100, 12);
  });

  it("of the paper's table, to its printed digits", () => {
    const average = ([UA, MIA, RA, TA]: readonly number[]) => {
      const scores = metricsOf(fractions({ UA: UA ?? NaN, MIA: MIA ?? NaN, RA: RA ?? NaN, TA: TA ?? NaN }), 0);
      return 100 * disparityAverage.measure({ scores, oracle: metricsOf({ UA: 0, MIA: 0, RA: 0, TA: 0 }, 0) });
    };
    const [dense, sparse, slip] = fixture.published_examples;
    expect(Math.abs(average(dense?.gaps ?? []) - (dense?.printed ?? NaN))).toBeLessThanOrEqual(0.005 + 1e-9);
    expect(Math.abs(average(sparse?.gaps ?? []) - (sparse?.printed ?? NaN))).toBeLessThanOrEqual(0.005 + 1e-9);
    expect(average(slip?.gaps ?? [])).toBeCloseTo(3.04, 2); // the table prints 3.08
  });
});
