import { expect, it } from "vitest";
import { lookedAt } from "../../../src/tune/looked-at.ts";
import type { PreparedTune } from "../../../src/tune/prepare.ts";

function sentences(kind: "class" | "random"): ReturnType<typeof lookedAt> {
  const indices = { validation: [1, 2, 3], withheld: [4, 5] };
  return lookedAt({ split: { indices, scenario: { kind } } } as unknown as PreparedTune);
}

it("counts the images that stand for unseen ones, and those withheld", () => {
  const { neverSeen, withheld, statement } = sentences("class");
  expect(neverSeen).toMatch(/^the 3 images of the split's validation part/);
  expect(withheld).toMatch(/^2 retained images/);
  expect(statement).toMatch(/^Neither the test set nor Retrain was read/);
});

it("tells the objective for whole classes and for single images apart", () => {
  expect(sentences("class").objective).toContain("the membership attack still classifies as members");
  expect(sentences("class").objective).toContain("never-seen images of the other classes");
  expect(sentences("random").objective).toContain("the membership attack classifies as non-members");
  expect(sentences("random").objective).not.toContain("of the other classes");
});
