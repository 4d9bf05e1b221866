import { describe, expect, it } from "vitest";
import { testAccuracy } from "../../../src/evaluate/accuracy.ts";
import { attackSuccess, attackSuccessReference, robustAccuracy } from "../../../src/evaluate/attack-success.ts";
import { tensor } from "../../../src/torch/index.ts";
import { toTensor } from "../../support/compare.ts";
import { readGoldenJson, readGoldenTensors } from "../../support/golden.ts";
import { thrownBy } from "../../support/thrown-by.ts";
import { prediction } from "./samples.ts";

// Predicted 0 0 1 2 0 1 of the true classes 0 1 1 2 2 0; the target is 0.
const logits = [0, 0, 1, 2, 0, 1].map((best) => [0, 1, 2].map((k) => (k === best ? 1 : 0)));
const triggered = prediction(logits, [0, 1, 1, 2, 2, 0]);

describe("of triggered images", () => {
  it("ASR leaves those of the target class out", () => {
    expect(attackSuccess.measure({ triggered, target: 0 })).toMatchObject({ value: 0.5, count: 4, direction: "lower" });
  });

  it("in its reference form it counts all", () => {
    expect(attackSuccessReference.measure({ triggered, target: 0 })).toMatchObject({ value: 0.5, count: 6 });
    expect(attackSuccessReference.measure({ triggered, target: 1 })).toMatchObject({ value: 2 / 6, count: 6 });
  });

  it("robust accuracy is the share of the others that is right", () => {
    const measured = robustAccuracy.measure({ triggered, target: 0 });
    expect(measured).toMatchObject({ value: 0.5, count: 4, direction: "higher" });
    expect(measured.interval[0]).toBeCloseTo(0.0676, 4); // binom.test(2, 4)
    expect(measured.interval[1]).toBeCloseTo(0.9324, 4);
  });

  it("refuses a target that is no class, and images of the target class alone", () => {
    expect(thrownBy(() => attackSuccess.measure({ triggered, target: 3 })).message).toBe(
      "target: expected an integer >= 0 and <= 2, got 3",
    );
    const alone = prediction([[1, 0]], [0]);
    expect(thrownBy(() => attackSuccess.measure({ triggered: alone, target: 0 })).message).toBe(
      "triggered: expected images of other classes than the target 0, got none",
    );
  });
});

describe("the fixture of the reference implementation", () => {
  it("has our values", () => {
    const { metrics } = readGoldenJson<{ metrics: Record<string, number> & { poison_label: number } }>(
      "backdoor/backdoor.json",
    );
    const tensors = readGoldenTensors("backdoor/logits.safetensors");
    const labels = tensor(Array.from(tensors.get("labels")?.data ?? [], Number), { dtype: "int64" });
    const of = (name: string): { logits: ReturnType<typeof toTensor>; labels: typeof labels } => ({
      logits: toTensor(tensors.get(name) as never),
      labels,
    });
    const input = { triggered: of("triggered_logits"), target: metrics.poison_label };
    const clean = { triggered: of("clean_logits"), target: metrics.poison_label };
    expect(testAccuracy.measure(of("clean_logits")).value * 100).toBeCloseTo(metrics["SA"] ?? NaN, 5);
    expect(attackSuccessReference.measure(input).value * 100).toBeCloseTo(metrics["ASR"] ?? NaN, 5);
    expect(attackSuccess.measure(input).value * 100).toBeCloseTo(metrics["ASR_excluding_target"] ?? NaN, 5);
    expect(attackSuccessReference.measure(clean).value * 100).toBeCloseTo(metrics["floor_on_clean_inputs"] ?? NaN, 5);
  });
});
