import { expect, it } from "vitest";
import { publishedBackdoor } from "../../../../src/report/backdoor/published-backdoor.ts";

it("gives what figure 6 shows of a model, as fractions, and nothing where it shows none", () => {
  expect(publishedBackdoor("FT", "ASR", 0)).toBeCloseTo(0.468);
  expect(publishedBackdoor("FT", "SA", 0.99)).toBeCloseTo(0.894);
  expect(publishedBackdoor("l1-sparse", "ASR", 0.9)).toBeUndefined();
  expect(publishedBackdoor("FT", "ASR", 0.5)).toBeUndefined();
  expect(publishedBackdoor("CLP", "ASR", 0)).toBeUndefined();
});
