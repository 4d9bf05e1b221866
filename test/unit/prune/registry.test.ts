import { expect, it } from "vitest";
import { prunerNamed, pruners } from "../../../src/prune/registry.ts";
import { thrownBy } from "../../support/thrown-by.ts";

it("lists the pruners in the order of the documentation, each with its texts", () => {
  expect(pruners.map(({ name }) => name)).toEqual([
    "omp",
    "imp",
    "synflow",
    "synflow-as-published",
    "snip",
    "snip-as-published",
    "grasp",
    "grasp-as-published",
    "random",
  ]);
  for (const { title, description, source } of pruners) {
    for (const text of [title, description, source]) expect(text.trim().length).toBeGreaterThan(2);
  }
});

it("finds a pruner by name, and suggests the nearest", () => {
  for (const pruner of pruners) expect(prunerNamed(pruner.name)).toBe(pruner);
  expect(thrownBy(() => prunerNamed("synflo"))).toMatchObject({ code: "E_ARG", hint: "did you mean synflow?" });
});
