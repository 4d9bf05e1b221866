import { describe, expect, it } from "vitest";
import {
  gapCell,
  intervalOf,
  intervalText,
  isMethod,
  meanCell,
  namedRows,
  scoreCell,
  seedsOf,
  shareInterval,
  shareText,
} from "../../../../src/report/experiment/experiment-rows.ts";
import { madeUpExperiment } from "./made-up-experiment.ts";

const record = madeUpExperiment();
const rows = namedRows(record);
const ft = rows.find(({ row, model }) => row.label === "FT" && model.id === "omp95")!;

describe("rows of a grid by name", () => {
  it("hold what they belong to, and the published numbers where the recipe is the paper's", () => {
    expect(rows).toHaveLength(6);
    expect(ft).toMatchObject({ scenario: { id: "class" }, model: { label: "OMP 95 %" }, published: { minutes: 2.52 } });
    expect(namedRows({ ...record, name: "mine" }).every(({ published }) => published === null)).toBe(true);
  });

  it("leave out what no job of is done, and rows of what the record does not have", () => {
    const [first, ...others] = record.rows;
    const { summary: _, ...undone } = first!;
    expect(namedRows({ ...record, rows: [{ ...undone, repetitions: [] }, ...others] })).toHaveLength(5);
    expect(namedRows({ ...record, models: record.models.slice(0, 1) })).toHaveLength(3);
  });

  it("tell methods from models before they forgot and from Retrain", () => {
    expect(rows.filter(isMethod).map(({ row }) => row.label)).toEqual(["FT", "FT"]);
  });

  it("say how many seeds they are over", () => {
    expect(seedsOf(rows)).toBe("n = 2");
    const alone = { ...ft, row: { ...ft.row, repetitions: ft.row.repetitions.slice(0, 1) } };
    expect(seedsOf([alone, ...rows])).toBe("n = 1 to 2");
  });
});

describe("cells", () => {
  const one = { mean: 0.2253, deviation: null, interval: null, n: 1 };

  it("have a deviation where there is more than one value, and the gap in points", () => {
    expect(meanCell(one)).toBe("22.53");
    expect(meanCell({ ...one, deviation: 0.0816, n: 10 })).toBe("22.53 ± 8.16");
    expect(gapCell({ ...one, mean: -0.7747 })).toBe(" (−77.47)");
    expect(gapCell(undefined)).toBe("");
    expect(scoreCell(ft.row, "UA")).toBe("70.00 ± 14.14 (−30.00)");
  });

  it("cut intervals of shares at 0 and 1, those of gaps nowhere", () => {
    expect(shareText([-0.2, 1.3])).toBe("0.0 to 100.0");
    expect(intervalText([-0.2, 1.3])).toBe("−20.0 to 130.0");
    expect([shareText(null), intervalText(undefined)]).toEqual(["", ""]);
    expect(shareInterval({ ...one, interval: [-0.1, 0.5] }, undefined)).toBe("0.0–50.0");
    expect(shareInterval(one, [0.2, 0.25])).toBe("20.0–25.0 (images)");
    expect(shareInterval(one, undefined)).toBe("");
  });

  it("have the interval over seeds, of a single seed that over images, of Retrain none", () => {
    const { summary } = ft.row;
    expect(intervalOf(ft.row, "UA")).toEqual(summary?.gaps?.UA.interval);
    const [only] = ft.row.repetitions;
    const alone = {
      ...ft.row,
      repetitions: [only!],
      summary: { ...summary!, disparity: { ...summary!.disparity!, interval: null } },
    };
    expect(intervalOf(alone, "disparity")).toEqual(only?.disparityInterval);
    expect(intervalOf(rows.find(({ row }) => row.method === "retrain")!.row, "UA")).toBeNull();
  });
});
