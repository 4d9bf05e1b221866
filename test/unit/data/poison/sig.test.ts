import { expect, it } from "vitest";
import { sig } from "../../../../src/data/poison/sig.ts";
import { colour32, imageBy, triggered } from "../../../support/poison-setting.ts";

it("adds a sine of amplitude 40 and six periods along the columns", () => {
  const after = triggered(
    sig,
    imageBy(colour32, () => 128),
  );
  // column w: 128 + 40 sin(3πw/8)
  expect([...after.subarray(0, 9)]).toEqual([128, 165, 156, 113, 88, 113, 156, 165, 128]);
  expect(after.subarray(32, 64)).toEqual(after.subarray(0, 32));
  expect(after.subarray(2048, 2080)).toEqual(after.subarray(0, 32));
});

it("stays within 0 and 255", () => {
  const dark = triggered(
    sig,
    imageBy(colour32, () => 3),
  );
  const bright = triggered(
    sig,
    imageBy(colour32, () => 250),
  );
  expect([Math.min(...dark), Math.max(...dark)]).toEqual([0, 43]);
  expect([Math.min(...bright), Math.max(...bright)]).toEqual([210, 255]);
});
