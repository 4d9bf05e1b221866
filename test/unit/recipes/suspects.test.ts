import { expect, it } from "vitest";
import { suspects } from "../../../src/recipes/suspects.ts";

it("knows a part of the poison, or suspects clean images too, of one attack on a dense model", () => {
  const { attacks, sparsities, ways } = suspects({ preset: "quick" });
  expect([attacks, sparsities]).toEqual([["badnets"], [0]]);
  expect(ways.map(({ suspects: quality }) => [quality?.known, quality?.mixed])).toEqual([
    ...[0.1, 0.25, 0.5, 0.75, 0.9, 1].map((known) => [known, 0]),
    ...[0.5, 1, 2].map((mixed) => [1, mixed]),
  ]);
  expect(new Set(ways.map(({ label }) => label)).size).toBe(ways.length);
});
