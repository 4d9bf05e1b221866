import { describe, expect, it } from "vitest";
import { type ForgetSelection, requestOf } from "../../../src/library/index.ts";
import { selectionNames } from "../../../src/library/forget-selection.ts";
import { forgetRequestSchema } from "../../../src/record/forget-request.ts";
import { thrownBy } from "../../support/thrown-by.ts";

describe("what must go", () => {
  const beside = { skipUntrained: true, alsoTest: true, faults: "f.csv" };
  it.each<[ForgetSelection, object]>([
    [{ classes: [3, "cat"] }, { kind: "class", classes: [3, "cat"] }],
    [
      { classes: [3], alsoTest: true },
      { kind: "class", classes: [3], alsoTest: true },
    ],
    [{ random: 0.1 }, { kind: "random", fraction: 0.1 }],
    [
      { count: 5, alsoTest: false, match: undefined },
      { kind: "random", count: 5 },
    ],
    [{ ids: "a.csv" }, { kind: "ids", file: "a.csv" }],
    [
      { ids: "a.csv", idColumn: "r", where: { c: "1" }, match: "case", ...beside },
      { kind: "ids", file: "a.csv", idColumn: "r", where: { c: "1" }, match: ["case"], ...beside },
    ],
    [
      { ids: ["a"], match: ["case", "path"], ...beside },
      { kind: "ids", ids: ["a"], match: ["case", "path"], ...beside },
    ],
    [
      { indices: "a.csv", where: { c: "1" }, ...beside },
      { kind: "indices", file: "a.csv", where: { c: "1" }, ...beside },
    ],
    [
      { indices: [0, 5], ...beside },
      { kind: "indices", indices: [0, 5], ...beside },
    ],
  ])("%j", (selection, request) => {
    expect(requestOf(selection)).toEqual(request);
    expect(forgetRequestSchema.safeParse(requestOf(selection)).success).toBe(true);
    expect(Object.keys(selection).every((name) => selectionNames.includes(name as keyof ForgetSelection))).toBe(true);
  });

  it.each<[ForgetSelection, string]>([
    [{}, "what to forget: expected one of `classes`, `random`, `count`, `ids` and `indices`, got none"],
    [{ count: 5, ids: "a.csv" }, "got `count` and `ids`"],
    [{ random: 0.1, alsoTest: true }, "alsoTest: expected `ids` or `indices` or `classes` beside it, got `random`"],
    [{ classes: [1], skipUntrained: true }, "skipUntrained: expected `ids` or `indices` beside it, got `classes`"],
    [{ count: 1, faults: "f" }, "faults: expected `ids` or `indices` beside it, got `count`"],
    [{ indices: [1], match: "case" }, "match: expected `ids` beside it, got `indices`"],
    [{ indices: "a", idColumn: "id" }, "idColumn: expected `ids` beside it, got `indices`"],
    [{ ids: ["a"], idColumn: "id" }, "idColumn: expected a file of records beside it, got a list from a program"],
    [{ indices: [1], where: { a: "b" } }, "where: expected a file of records beside it"],
    [{ ids: ["a"], match: "cases" as never }, "match: expected one of trimmed, unicode, case"],
    [{ ids: ["a", 17 as never] }, "ids: expected texts, got 17 as item 2"],
    [{ indices: [0, 1.5] }, "indices: expected whole numbers from 0, got 1.5 as item 2"],
    [{ indices: ["1" as never] }, 'indices: expected whole numbers from 0, got "1" as item 1'],
    [{ indices: [-1] }, "indices: expected whole numbers from 0, got -1 as item 1"],
  ])("is clear: %j", (selection, message) => {
    const error = thrownBy(() => requestOf(selection));
    expect([error.code, error.message]).toEqual(["E_ARG", expect.stringContaining(message)]);
  });
});
