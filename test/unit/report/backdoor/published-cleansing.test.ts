import { expect, it } from "vitest";
import { publishedCleansing } from "../../../../src/report/backdoor/published-cleansing.ts";

it("gives what figure 6 shows of a model, as fractions, and nothing where it shows none", () => {
  expect(publishedCleansing("FT", "ASR", 0)).toBeCloseTo(0.468);
  expect(publishedCleansing("FT", "SA", 0.99)).toBeCloseTo(0.894);
  expect(publishedCleansing("l1-sparse", "ASR", 0.9)).toBeUndefined();
  expect(publishedCleansing("FT", "ASR", 0.5)).toBeUndefined();
  expect(publishedCleansing("CLP", "ASR", 0)).toBeUndefined();
});
