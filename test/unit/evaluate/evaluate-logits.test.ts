import { describe, expect, it } from "vitest";
import { evaluateLogits } from "../../../src/evaluate/evaluate-logits.ts";
import { compareWithOracle } from "../../../src/evaluate/oracle-gap.ts";
import { evaluationRecordSchema } from "../../../src/record/index.ts";
import { liveTensors } from "../../../src/torch/index.ts";
import { readGoldenJson } from "../../support/golden.ts";
import { goldenPrediction } from "./golden-predictions.ts";
import { madeUpPrediction, prediction } from "./samples.ts";

const forget = madeUpPrediction(1, { accuracy: 0.9, certainty: 4 });
const retain = madeUpPrediction(2, { accuracy: 1, certainty: 8, count: 600 });
const test = madeUpPrediction(3, { accuracy: 0.8, certainty: 3 });
const input = { forget, retain, test, seconds: 2.5 };
const schema = evaluationRecordSchema.shape.metrics;

describe("evaluateLogits", () => {
  it("measures what evaluation.json records", async () => {
    const { metrics, notes } = await evaluateLogits(input);
    expect(schema.parse(metrics)).toEqual(metrics);
    expect(metrics.UA.count).toBe(200);
    expect(metrics.RA).toMatchObject({ value: 1, count: 600 });
    expect(metrics.RTE).toEqual({ seconds: 2.5 });
    expect(notes).toEqual([]);
    expect(schema.parse(compareWithOracle(metrics, metrics).metrics).UA?.gap).toBe(0);
  });

  it("gives the same numbers again and leaves no tensors behind", async () => {
    const before = liveTensors();
    const first = await evaluateLogits(input);
    expect(await evaluateLogits(input)).toEqual(first);
    expect(liveTensors()).toBe(before);
  });

  it("reports progress after every attack", async () => {
    const seen: [number, number][] = [];
    await evaluateLogits(input, { onProgress: (done, count) => seen.push([done, count]) });
    expect(seen).toEqual([1, 2, 3, 4, 5].map((done) => [done, 5]));
  });

  it("stops between attacks when told to", async () => {
    const controller = new AbortController();
    const running = evaluateLogits(input, { signal: controller.signal, onProgress: () => controller.abort() });
    await expect(running).rejects.toMatchObject({ name: "AbortError" });
  });

  it("names the set that cannot be evaluated", async () => {
    const broken = evaluateLogits({ ...input, retain: prediction([[NaN, 1]], [0]) });
    await expect(broken).rejects.toMatchObject({ code: "E_ARG", message: expect.stringMatching(/^retain: /) });
    const empty = evaluateLogits({ ...input, forget: prediction([[0, 1]], [0], 0) });
    await expect(empty).rejects.toMatchObject({
      message: expect.stringMatching(/^forget: expected at least one image/),
    });
  });
});

describe("evaluation of the fixtures", () => {
  it("gives the reference's row", async () => {
    const { row } = readGoldenJson<{ row: Record<"UA" | "RA" | "TA" | "MIA", number> }>("metrics/accuracy.json");
    const { metrics } = await evaluateLogits({
      forget: goldenPrediction("forget", "float32"),
      retain: goldenPrediction("member", "float32"),
      test: goldenPrediction("nonmember", "float32"),
      seconds: 0,
    });
    expect(metrics.UA.value).toBeCloseTo(row.UA / 100, 6);
    expect(metrics.RA.value).toBeCloseTo(row.RA / 100, 6);
    expect(metrics.TA.value).toBeCloseTo(row.TA / 100, 6);
    expect(metrics.MIA.confidence.value).toBeCloseTo(row.MIA / 100, 6);
  });
});
