import { expect, it } from "vitest";
import { readingSection } from "../../../../src/report/run/reading.ts";
import { textOf } from "../markup.ts";

it("explains every score, and what a gap is on the page", () => {
  const text = textOf(readingSection("model minus <Retrain>").markup);
  for (const term of ["Retrain", "UA", "MIA", "RA, TA", "RTE", "Gap", "Disparity Ave."]) expect(text).toContain(term);
  expect(text).toContain("Gap model minus <Retrain>");
  expect(text).toContain("arXiv 2304.04934");
});
