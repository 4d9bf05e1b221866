import { describe, expect, it } from "vitest";
import { metricsSection, outcomeClass } from "../../../../src/report/run/metrics-table.ts";
import { elementsOf, textOf } from "../markup.ts";
import { evaluationRecord } from "../made-up-records.ts";

describe("table of metrics", () => {
  const { markup } = metricsSection(evaluationRecord());
  const text = textOf(markup);

  it("shows every metric with direction, value, interval, count, Retrain and gap", () => {
    for (const name of [
      "(UA)",
      "(MIA)",
      "(RA)",
      "(TA)",
      "(RTE)",
      "Disparity Ave.",
      "correctness",
      "entropy",
      "m_entropy",
      "prob",
    ]) {
      expect(text).toContain(name);
    }
    const row = /Unlearning accuracy \(UA\).*?MIA-Efficacy/.exec(text)?.[0];
    expect(row).toContain("best where Retrain is");
    expect(row).toMatch(/0\.04 .*22\.53 21\.3–23\.8 n = 4,500 .*100\.00 .*\u221277\.47 lower/);
    expect(text).toContain("higher is better");
    expect(text).toMatch(/2 min 31 s .*43 min 13 s .*\u221240 min 42 s/);
  });

  it("says once in words what UA's complement is", () => {
    expect(text.replaceAll("\u202f", " ")).toContain("the model gets wrong: 77.5 % are still classified correctly");
  });

  it("has Disparity Ave. of the model before beside its own", () => {
    const record = evaluationRecord();
    const before = record.before && {
      ...record.before,
      disparityAverage: 0.481,
      disparityInterval: [0.47, 0.49] as [number, number],
    };
    const made = textOf(metricsSection({ ...record, ...(before === undefined ? {} : { before }) }).markup);
    expect(made).toMatch(/Disparity Ave\. .*lower is better 48\.10 47\.0–49\.0 25\.78/);
  });

  it("sets what dense operators would take beside the time of sparse kernels", () => {
    expect(text).not.toContain("dense:");
    expect(textOf(metricsSection(evaluationRecord({ sparsity: 0.95 })).markup)).toMatch(
      /2 min 31 s ?dense: about 12 min 35 s, 5\.0 times as long/,
    );
  });

  it("marks a difference that is worse beyond chance, in words as well as in colour", () => {
    expect(markup.match(/class="differs"/g)).toHaveLength(2 + 4); // UA, MIA and the four other attacks
    expect(text).toContain("same");
  });

  it("is a real table, with a heading for every row and column", () => {
    const elements = elementsOf(markup);
    const headings = elements.filter(({ name }) => name === "th");
    expect(headings.every(({ attributes }) => ["col", "row"].includes(attributes.get("scope") ?? ""))).toBe(true);
    expect(headings).toHaveLength(6 + 6 + 6 + 4);
  });

  it("has no columns for what was not given", () => {
    const alone = textOf(metricsSection(evaluationRecord({ oracle: undefined, before: undefined })).markup);
    expect(alone).not.toMatch(/\bGap\b|\bBefore\b|Disparity/);
    expect(alone).toContain("22.53");
  });

  it.each([
    ["lower", "higher", true],
    ["higher", "higher", false],
    ["higher", "match-oracle", true],
    ["lower", "match-oracle", true],
    ["same", "match-oracle", false],
    ["unclear", "higher", false],
  ] as const)("%s where %s is better: marked %s", (outcome, direction, marked) => {
    expect(outcomeClass(outcome, direction) !== undefined).toBe(marked);
  });
});
