import { expect, it } from "vitest";
import { schedules } from "../../../src/recipes/schedules.ts";
import { methodNamed, resolveOptions } from "../../../src/unlearn/index.ts";

it("varies schedule and solver of l1-sparse and nothing else, by options that it takes", () => {
  const rows = schedules({ preset: "quick" }).rows.filter(({ method }) => method === "l1-sparse");
  const { options } = methodNamed("l1-sparse");
  const resolved = rows.map((row) => resolveOptions("l1-sparse", options, row.options, {}));
  expect(resolved.map(({ schedule, solver }) => `${String(schedule)} ${String(solver)}`)).toEqual(
    ["subgradient", "proximal"].flatMap((solver) =>
      ["decay", "constant", "increase"].map((each) => `${each} ${solver}`),
    ),
  );
  const others = resolved.map((each) => JSON.stringify({ ...each, schedule: "", solver: "" }));
  expect(new Set(others).size).toBe(1);
});
