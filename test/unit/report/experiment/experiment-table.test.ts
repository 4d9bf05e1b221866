import { describe, expect, it } from "vitest";
import { renderScores, renderTimes, tableFormats } from "../../../../src/report/experiment/experiment-table.ts";
import { madeUpExperiment } from "./made-up-experiment.ts";

const record = madeUpExperiment();

describe("scores of a grid", () => {
  it("in Markdown: mean, deviation, gap, n and interval, the published cell below", () => {
    const table = renderScores(record, "md");
    expect(table).toContain("### Class-wise \\| forgetting");
    expect(table).toMatch(/\| OMP 95 % \| FT \| 2 \| 70\.00 ± 14\.14 \(−30\.00\) \| 85\.00 ± 7\.07 \(−15\.00\) \|/);
    expect(table).toContain(
      "| OMP 95 % | FT, published | 10 | 73.64 ± 9.46 | 83.02 ± 16.33 | 99.87 ± 0.05 | 94.32 ± 0.12 | 11.50 |",
    );
    expect(table).toContain("| it falls | by 14 | by 19 &amp; more | reproduced |");
    expect(table).toMatch(/\| FT, OMP 95 % \| FT, dense \| −19\.00 \| .* to .* \| 2 \| 0\.033 \|/);
  });

  it("in Markdown: intervals of scores and gaps in a separate table", () => {
    const table = renderScores(record, "md");
    expect(table).toContain("### Class-wise \\| forgetting: 95 % intervals");
    expect(table).toContain("| Original | Method | n | UA | UA gap | MIA | MIA gap | RA | RA gap | TA | TA gap |");
    // UA 60 and 80, gaps -40 and -20: 70 and -30, each ± 12.706 · 14.142 / √2 = 127.1.
    expect(table).toContain("| OMP 95 % | FT | 2 | 0.0 to 100.0 | −157.1 to 97.1 |");
    expect(table).toMatch(/\| OMP 95 % \| Retrain \| 2 \| 100\.0 to 100\.0 \|  \|/);
  });

  it("of a single seed have no deviation, and the interval of the bootstrap", () => {
    const rows = record.rows.map((row) => ({ ...row, repetitions: row.repetitions.slice(0, 1) }));
    const single = {
      ...record,
      rows: rows.map((row) => ({ ...row, summary: { ...row.summary!, ...alone(row.summary!) } })),
    };
    const table = renderScores(single, "md");
    expect(table).toMatch(/\| dense \| FT \| 1 \| 25\.00 \(−75\.00\) \|/);
    const { disparity = 0 } =
      rows.find(({ label, model }) => label === "FT" && model === "dense")?.repetitions[0] ?? {};
    expect(table).toContain(`${(100 * disparity - 1).toFixed(1)} to ${(100 * disparity + 1).toFixed(1)}`);
    // Of a score there is none, of its gap that over images.
    expect(table).toMatch(/\| dense \| FT \| 1 \|  \| −81\.0 to −79\.0 \|/);
  });

  it("in CSV: fractions, one line for each seed", () => {
    const lines = renderScores(record, "csv").trimEnd().split("\r\n");
    expect(lines).toHaveLength(1 + 2 * 3 * 2);
    expect(lines[0]).toMatch(/^scenario,model,sparsity,method,label,seed,UA,UA_gap,UA_gap_low,UA_gap_high,/);
    expect(lines.find((line) => line.startsWith("class,omp95,0.95,finetune,FT,2,"))).toContain(
      ",0.8,-0.2,-0.21,-0.19,",
    );
  });

  it("in CSV: every line ends with the summary of its row", () => {
    const [head = [], ...lines] = renderScores(record, "csv")
      .trimEnd()
      .split("\r\n")
      .map((line) => line.split(","));
    const cellOf = (label: string, column: string): string | undefined =>
      lines.find((line) => line[1] === "omp95" && line[4] === label)?.[head.indexOf(column)];
    expect(["n", "UA_mean", "UA_gap_mean", "disparity_mean"].map((column) => Number(cellOf("FT", column)))).toEqual([
      2, 0.7, -0.3, 0.1175,
    ]);
    expect(Number(cellOf("FT", "UA_deviation"))).toBeCloseTo(0.141421, 6);
    expect(Number(cellOf("FT", "UA_mean_low"))).toBeCloseTo(0.7 - 1.27062, 5);
    expect(Number(cellOf("FT", "UA_gap_mean_high"))).toBeCloseTo(-0.3 + 1.27062, 5);
    expect(cellOf("Retrain", "UA_gap_mean")).toBe("");
    expect(new Set(lines.map(({ length }) => length))).toEqual(new Set([head.length]));
  });

  it("in LaTeX: escaped", () => {
    const table = renderScores(record, "tex");
    expect(table).toContain("OMP 95 \\% & FT & 2 & 70.00 $\\pm$ 14.14 ($-$30.00)");
    expect(table).toContain("OMP 95 \\% & FT & 2 & 0.0 to 100.0 & $-$157.1 to 97.1");
    expect(table.match(/\\begin\{tabular\}/g)).toHaveLength(2); // scores and intervals
  });

  it("hold no times: the same bytes whatever it took and whenever it was", () => {
    const slower = {
      ...record,
      createdAt: "2027-01-01T00:00:00.000Z",
      rows: record.rows.map((row) => ({ ...row, seconds: row.seconds.map((value) => 3 * value), denseSeconds: [] })),
    };
    for (const format of tableFormats) expect(renderScores(slower, format)).toBe(renderScores(record, format));
    expect(renderTimes(slower, "md")).not.toBe(renderTimes(record, "md"));
  });
});

describe("times of a grid", () => {
  it("in Markdown: as share of Retrain, beside the published share", () => {
    expect(renderTimes(record, "md")).toContain("| OMP 95 % | FT | 2 | 11 s | 40 s | 100.00 | 5.83 |");
  });

  it("hold the findings that are about times, which the scores leave out", () => {
    const said = { claim: "fast", published: "1 s", ours: "2 s", verdict: "reproduced" } as const;
    const timed = {
      ...record,
      findings: [
        { name: "fast", ...said, timed: true as const },
        { name: "close", ...said, claim: "close" },
      ],
    };
    expect(renderTimes(timed, "md")).toContain("| fast | 1 s | 2 s | reproduced |");
    expect(renderTimes(timed, "md")).not.toContain("close");
    for (const format of ["md", "json"] as const) {
      expect(renderScores(timed, format)).toContain("close");
      expect(renderScores(timed, format)).not.toContain("fast |");
      expect(renderScores(timed, format)).not.toContain('"fast"');
    }
  });

  it("in CSV", () => {
    expect(renderTimes(record, "csv").split("\r\n")[1]).toBe("class,dense,Original,1,10");
  });
});

type Summaries = NonNullable<(typeof record.rows)[number]["summary"]>;

/** The same means, of one value. */
function alone(summary: Summaries): Summaries {
  const made = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null) return value;
    if ("mean" in value) return { ...value, deviation: null, interval: null, n: 1 };
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, made(inner)]));
  };
  return made(summary) as Summaries;
}
