import { describe, expect, it } from "vitest";
import { accuracyChart, lossChart, zerosChart } from "../../../../src/report/charts/curves.ts";
import { history } from "../made-up-records.ts";

const labels = (markup: string): string[] => [...markup.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text = ""]) => text);

describe("learning curves", () => {
  it("use a logarithmic axis for a loss that falls by decades, and no other", async () => {
    const flat = history(5).map((line, index) => ({ ...line, loss: 2 - 0.1 * index }));
    expect(labels((await lossChart(history(20))).markup)).toContain("0.01");
    expect(labels((await lossChart(flat)).markup)).toContain("0");
  });

  it("draw validation only where it was measured", async () => {
    const without = history(5).map(({ validationAccuracy: _none, ...line }) => line);
    expect(labels((await accuracyChart(history(5))).markup)).toContain("validation");
    expect(labels((await accuracyChart(without)).markup)).not.toContain("validation");
  });

  it("label accuracy in percent, up to 100", async () => {
    expect(labels((await accuracyChart(history(5))).markup)).toContain("100 %");
  });

  it("count exact zeros only where there are some", async () => {
    expect(await zerosChart(history(3))).toBeUndefined();
    expect(await zerosChart(history(3).map((line) => ({ ...line, zeros: 0 })))).toBeUndefined();
    const zeros = await zerosChart(history(3).map((line) => ({ ...line, zeros: line.epoch * 1000 })));
    expect(zeros?.markup).toContain("3000 at the end");
  });
});
