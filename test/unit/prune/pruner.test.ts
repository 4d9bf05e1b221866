import { expect, it } from "vitest";
import { definePruner, type Pruner, prunerRegistry } from "../../../src/prune/index.ts";
import { thrownBy } from "../../support/thrown-by.ts";

const definition = {
  name: "everything-alike",
  title: "Everything alike",
  description: "gives every weight the same score",
  source: "a test",
  weights: "trained",
  score: () => new Map(),
} as const;

it("an own pruner is taken wherever a name is", () => {
  const pruner = definePruner(definition);
  expect(prunerRegistry.resolve(pruner)).toBe(pruner);
  expect(prunerRegistry.named("everything-alike")).toBe(pruner);
  expect(prunerRegistry.isBuiltIn("everything-alike")).toBe(false);
});

it.each([
  [{ score: undefined }, "pruner everything-alike: expected the field score to be a function, got none"],
  [{ weights: "early" }, 'pruner everything-alike: weights: expected one of trained, initial, got "early"'],
])("a pruner with %o is refused", (change, message) => {
  const error = thrownBy(() => definePruner({ ...definition, ...change } as unknown as Pruner));
  expect(error).toMatchObject({ code: "E_ARG", message });
});
