import { expect, it } from "vitest";
import { intervalText, scoreText } from "../../../src/cli/score-text.ts";

it("writes fractions with four decimals", () => {
  expect(scoreText({ value: 0.93125 })).toBe("0.9313");
  expect(intervalText([0, 1 / 3])).toBe("0.0000 to 0.3333");
});
