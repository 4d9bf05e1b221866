import { expect, it } from "vitest";
import { badnetsBench } from "../../../../src/data/poison/badnets-bench.ts";
import { changes, colour32, imageBy, triggered } from "../../../support/poison-setting.ts";

it("is a white square of three in the corner", () => {
  const black = imageBy(colour32, () => 0);
  const after = triggered(badnetsBench, black);
  const changed = changes(black, after);
  expect(changed).toHaveLength(27);
  expect(changed.every(([, row = 0, column = 0]) => row >= 29 && column >= 29)).toBe(true);
  expect(after.at(-1)).toBe(255);
});
