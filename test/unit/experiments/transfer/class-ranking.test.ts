import { expect, it } from "vitest";
import { classRanks } from "../../../../src/experiments/transfer/class-ranking.ts";

it("puts the class first that the fewest target images are classified as, of equals the less probable", () => {
  const classes = [
    { share: 0.5, probability: 0.1 },
    { share: 0, probability: 0.3 },
    { share: 0.5, probability: 0.05 },
    { share: 0, probability: 0.2 },
  ];
  expect(classRanks(classes)).toEqual([3, 1, 2, 0]);
});

it("goes by what leaving a class out costs where that was measured, by counts among equals", () => {
  const classes = [
    { share: 0.1, probability: 0.1, leaveOut: 0.02 },
    { share: 0.6, probability: 0.6, leaveOut: -0.01 },
    { share: 0.3, probability: 0.3, leaveOut: -0.01 },
  ];
  expect(classRanks(classes)).toEqual([2, 1, 0]);
});

it("keeps the order of classes that nothing tells apart", () => {
  const same = { share: 0.5, probability: 0.5 };
  expect(classRanks([same, same, same])).toEqual([0, 1, 2]);
});
