import { expect, it } from "vitest";
import { readingSection } from "../../../../src/report/run/reading.ts";
import { textOf } from "../markup.ts";

it("explains every score, and states the limits that verdicts use", () => {
  const text = textOf(readingSection().markup);
  for (const term of ["Retrain", "UA", "MIA", "RA, TA", "RTE", "Gap", "Disparity Ave."]) expect(text).toContain(term);
  expect(text).toContain("under 1 percentage point");
  expect(text).toContain("arXiv 2304.04934");
});
