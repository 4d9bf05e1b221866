import { describe, expect, it } from "vitest";
import { renderSuiteReport } from "../../../../src/report/suite/suite-report.ts";
import { elementsOf, textOf } from "../markup.ts";
import { evaluationRecord, suiteRecord } from "../made-up-records.ts";
import { expectOffline, poisoned } from "../offline.ts";

describe("report of a suite", () => {
  it("is one well-formed file that fetches nothing", async () => {
    expectOffline(await renderSuiteReport(suiteRecord()));
  });

  it("has for each scenario a table, the bars, a radar for each method and the images", async () => {
    const page = await renderSuiteReport(suiteRecord());
    expect(page.match(/class="suite"/g)).toHaveLength(2);
    expect(page.match(/<svg role="img"/g)).toHaveLength(2 * (1 + 6));
    expect(page.match(/class="faces"/g)).toHaveLength(2 * 2);
    expect(elementsOf(page).filter(({ name }) => name === "details")).toHaveLength(20);
  });

  it("shows the training loss of the original in every row", async () => {
    const rows = [
      ...(await renderSuiteReport(suiteRecord())).matchAll(/<tr(?: class="yardstick")?><th scope="row">[^]*?<\/tr>/g),
    ];
    const losses = rows
      .map(([row]) => /<td>(0\.00\d\d)<\/td><\/tr>$/.exec(row)?.[1])
      .filter((loss) => loss !== undefined);
    expect(losses).toHaveLength(20);
    expect(new Set(losses)).toEqual(new Set(["0.0021", "0.0079"]));
  });

  it("says once what holds for all scenarios, and where else it holds", async () => {
    const suite = suiteRecord();
    const [first, second] = suite.scenarios;
    const noted = first!.evaluations.map((evaluation) => ({ ...evaluation, notes: ["only here"] }));
    const text = textOf(await renderSuiteReport({ ...suite, scenarios: [{ ...first!, evaluations: noted }, second!] }));
    expect(text.match(/The originals have not fitted their data equally well/g)).toHaveLength(1);
    expect(text.match(/class 3 \(cat\): only here/g)).toHaveLength(1);
  });

  it("shows a scenario without oracle, runs or images", async () => {
    const evaluations = [evaluationRecord({ oracle: undefined, before: undefined, samples: [] })];
    const page = await renderSuiteReport({ ...suiteRecord(), scenarios: [{ name: "bare", evaluations, runs: [] }] });
    expectOffline(page);
    expect(page).not.toContain("<svg role");
    expect(textOf(page)).toContain("nothing can be said of sparsity");
  });

  it("is the same bytes for the same record", async () => {
    expect(await renderSuiteReport(suiteRecord())).toBe(await renderSuiteReport(suiteRecord()));
  });

  it("takes nothing from a record for markup", async () => {
    const page = await renderSuiteReport(poisoned(suiteRecord()));
    expectOffline(page);
    expect(textOf(page)).toContain(`<script src="https://evil.example/x.js">`);
  });
});
