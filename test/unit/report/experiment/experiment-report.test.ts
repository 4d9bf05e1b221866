import { describe, expect, it } from "vitest";
import { renderExperimentReport } from "../../../../src/report/experiment/experiment-report.ts";
import type { ExperimentRecord } from "../../../../src/record/index.ts";
import { madeUpExperiment } from "./made-up-experiment.ts";

describe("the page of a grid", () => {
  it("opens with its findings and their verdicts", async () => {
    const page = await renderExperimentReport(madeUpExperiment());
    expect(page).toContain('<section class="verdict good" aria-label="Finding">');
    expect(page).toContain("Here: by 19 &amp; more.");
    expect(page).toContain("<h1>Main &lt;table&gt;</h1>");
  });

  it("shows scores, published ones and times, and escapes what records say", async () => {
    const page = await renderExperimentReport(madeUpExperiment());
    expect(page).toContain(
      "70.00 ± 14.14<small>0.0 to 100.0</small><small>gap −30.00</small><small>−157.1 to 97.1</small>",
    );
    expect(page).toContain("73.64 ± 9.46");
    expect(page).toContain("<small>dense: about 40 s</small>");
    expect(page).toContain("a small network");
  });

  it("draws what the record asks for", async () => {
    const count = async (figures: Parameters<typeof madeUpExperiment>[0]): Promise<number> =>
      (await renderExperimentReport(madeUpExperiment(figures))).match(/<svg/g)?.length ?? 0;
    expect(await count({ figures: [] })).toBe(0);
    expect(await count({ figures: ["method-bars"] })).toBe(2); // ours and the published ones
    expect(await count({ figures: ["radar"] })).toBe(2); // FT of either model
    expect(await count({ figures: ["sparsity-curves"] })).toBe(5); // four scores and Disparity Ave.
    expect(await count({ figures: ["loss-scatter"] })).toBe(2); // UA and MIA of FT
  });

  it("says below figures how many seeds they are over", async () => {
    const pageOf = (figure: ExperimentRecord["figures"][number]): Promise<string> =>
      renderExperimentReport(madeUpExperiment({ figures: [figure] }));
    expect(await pageOf("method-bars")).toMatch(/means over seeds \(n = 2\).*means over seeds \(n = 10\)/s);
    expect(await pageOf("sparsity-curves")).toContain("means over seeds (n = 2), over the sparsity");
    expect(await pageOf("loss-scatter")).toContain("one point for each original and seed (n = 2)");
    const { rows } = madeUpExperiment();
    const uneven = rows.map((row) =>
      row.model === "dense" ? { ...row, repetitions: row.repetitions.slice(0, 1) } : row,
    );
    const page = await renderExperimentReport(madeUpExperiment({ rows: uneven, figures: ["method-bars"] }));
    expect(page).toContain("means over seeds (n = 1 to 2)");
  });

  it("lists what failed", async () => {
    const failures = [{ title: "seed 1, dense: train", code: "E_DATA", message: "no <data>" }];
    expect(await renderExperimentReport(madeUpExperiment({ failures }))).toContain(
      "seed 1, dense: train: no &lt;data&gt; (E_DATA)",
    );
  });
});
