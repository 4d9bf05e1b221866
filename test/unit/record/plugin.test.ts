import { expect, it } from "vitest";
import { pluginSchema } from "../../../src/record/index.ts";

const plugin = { kind: "method", name: "mine", path: "/plugins/mine.ts", sha256: "0".repeat(64) };

it("takes a definition of a file and one that a program has passed", () => {
  expect(pluginSchema.parse(plugin)).toEqual(plugin);
  expect(pluginSchema.parse({ kind: "dataset", name: "mine" })).toEqual({ kind: "dataset", name: "mine" });
});

it.each([{ kind: "metric", name: "mine" }, { kind: "method" }, { ...plugin, sha256: "beef" }, { ...plugin, size: 1 }])(
  "refuses %j",
  (value) => {
    expect(pluginSchema.safeParse(value).success).toBe(false);
  },
);
