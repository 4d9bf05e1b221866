import { describe, expect, it } from "vitest";
import { parseCleanseRecord } from "../../../../src/record/index.ts";
import { renderCleanseReport } from "../../../../src/report/index.ts";
import { thrownBy } from "../../../support/thrown-by.ts";
import { cleanseRecord } from "./made-up-cleanse.ts";
import { textOf } from "../markup.ts";
import { expectOffline, poisoned } from "../offline.ts";

const record = cleanseRecord([0.99, 0.04], [0.94, 0.93]);

describe("the report on a cleanse", () => {
  it("names both forms of ASR, with intervals and changes", async () => {
    const text = textOf(await renderCleanseReport(record));
    for (const name of ["ASR, without the target class", "ASR, reference", "SA", "Robust accuracy", "DER"])
      expect(text).toContain(name);
    for (const value of ["99.00", "4.00", "−95.00", "n = 9,000", "97.00"]) expect(text).toContain(value);
    expect(text).toContain("97.7 %");
  });

  it("has the curve over steps, and both pictures of a test image", async () => {
    const page = await renderCleanseReport(record);
    expect(page.match(/<svg/g)).toHaveLength(1);
    const [chart = ""] = /<figure>.*<\/figure>/s.exec(page) ?? [];
    for (const line of ["ASR, without the target class", "ASR, reference", "SA"]) expect(chart).toContain(line);
    expect(page.match(/<img/g)).toHaveLength(2);
    expect(page).toContain("before: 0 (airplane)");
    expect(page).toContain("now: 2 (bird)");
  });

  it("writes some of many steps along the axis", async () => {
    const trace = Array.from({ length: 40 }, (_, epoch) => ({
      epoch,
      step: 1000 + epoch,
      ASR: 0.5,
      ASRReference: 0.5,
      SA: 0.5,
    }));
    const page = await renderCleanseReport({ ...record, trace });
    const written = trace.filter(({ step }) => page.includes(`>${step.toLocaleString("en")}<`));
    expect(written).toHaveLength(14);
  });

  it("leaves out what is not known", async () => {
    const page = await renderCleanseReport({
      ...record,
      trace: [],
      previews: [],
      suspects: { source: "a.csv", count: 1, share: 0.5 },
    });
    expect(page).not.toContain("<svg");
    expect(page).not.toContain("Recall");
  });

  it("is offline and well-formed whatever the record says", async () => {
    expectOffline(await renderCleanseReport(record));
    expectOffline(await renderCleanseReport(poisoned(record)));
  });
});

it("the schema takes the record and no other", () => {
  expect(parseCleanseRecord(JSON.stringify(record))).toEqual(record);
  const { before: _before, ...rest } = record;
  expect(thrownBy(() => parseCleanseRecord(JSON.stringify(rest))).message).toContain("before");
});
