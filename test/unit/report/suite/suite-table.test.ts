import { describe, expect, it } from "vitest";
import { renderSuiteTable } from "../../../../src/report/suite/suite-table.ts";
import { suiteRecord } from "../made-up-records.ts";

describe("suite as Markdown", () => {
  const lines = renderSuiteTable(suiteRecord(), "markdown").split("\n");

  it("has a table per scenario and a row per model, with signed gaps and the original's loss", () => {
    expect(lines.filter((line) => line.startsWith("### "))).toEqual(["### class 3 (cat)", "### random 10 %"]);
    expect(lines.filter((line) => line.startsWith("|"))).toHaveLength(2 * (2 + 10));
    expect(lines).toContain(
      "| dense | FT | 22.53 (\u221277.47) | 75.00 (\u221225.00) | 99.87 (\u22120.13) | 94.31 (\u22120.52) | 25.78 | 2 min 31 s |  | 0.0021 |",
    );
  });

  it("has as many cells in every line", () => {
    const cells = lines.filter((line) => line.startsWith("|")).map((line) => line.split(" | ").length);
    expect(new Set(cells)).toEqual(new Set([10]));
  });

  it("escapes what would break the table or become markup", () => {
    const suite = suiteRecord();
    const [scenario] = suite.scenarios;
    const evaluations = scenario!.evaluations.map((evaluation) => ({
      ...evaluation,
      run: { ...evaluation.run, method: "a|b<script>\n*c*" },
    }));
    const table = renderSuiteTable(
      { ...suite, scenarios: [{ ...scenario!, name: "x\n# y", evaluations }] },
      "markdown",
    );
    expect(table).toContain(String.raw`a\|b&lt;script> \*c\*`);
    expect(table).toContain("### x # y\n");
  });
});

describe("suite as CSV", () => {
  const rows = renderSuiteTable(suiteRecord(), "csv").split("\r\n");
  const head = rows[0]?.split(",") ?? [];
  const cell = (row: number, column: string): string | undefined => rows[row]?.split(",")[head.indexOf(column)];

  it("has one line per model, in fractions and seconds", () => {
    expect(rows).toHaveLength(1 + 20 + 1);
    expect(cell(3, "method")).toBe("FT");
    expect(cell(3, "UA")).toBe("0.2253");
    expect(cell(3, "UA_gap")).toBe("-0.7747");
    expect(cell(3, "TA_count")).toBe("9000");
    expect(cell(3, "rte_seconds")).toBe("151");
    expect(cell(3, "rte_dense_seconds")).toBe("");
    expect(Number(cell(8, "rte_dense_seconds"))).toBe(5 * Number(cell(8, "rte_seconds")));
    expect(cell(3, "original_train_loss")).toBe("0.0021");
    expect(cell(8, "original_sparsity")).toBe("0.95");
  });

  it("leaves gaps empty where there is no oracle", () => {
    expect(cell(2, "method")).toBe("Retrain");
    expect(cell(2, "UA_gap")).toBe("");
    expect(cell(2, "disparity_average")).toBe("");
  });

  it("quotes cells with commas, quotes and line ends", () => {
    const suite = suiteRecord();
    const named = { ...suite, scenarios: [{ ...suite.scenarios[0]!, name: 'a, "b"\nc' }] };
    expect(renderSuiteTable(named, "csv")).toContain('"a, ""b""\nc",0,Original,');
  });
});
