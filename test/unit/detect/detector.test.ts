import { expect, it } from "vitest";
import { defineDetector, type Detector, detectorRegistry, detectors } from "../../../src/detect/index.ts";
import { strip } from "../../../src/detect/strip.ts";
import { thrownBy } from "../../support/thrown-by.ts";

const definition = {
  name: "everything",
  title: "Everything",
  description: "suspects every image",
  source: "a test",
  cost: "nothing",
  options: { score: { type: "number", default: 1, min: 0, description: "of every image", source: "a test" } },
  run: async () => ({ suspects: [], scores: [] }),
} as const;

it("a detector is called with its options, which it knows when it is compiled", () => {
  expect(strip({ overlays: 32 })).toEqual({ detector: strip, options: { overlays: 32 } });
  expect(strip.name).toBe("strip");
  // @ts-expect-error no such option
  expect(strip({ overlay: 32 }).options).toEqual({ overlay: 32 });
});

it("an own detector is taken wherever a name is", () => {
  const everything = defineDetector<{ score: number }>(definition);
  expect(detectorRegistry.resolve(everything)).toBe(everything);
  expect(detectorRegistry.named("everything")).toBe(everything);
  expect(detectors.at(-1)).toBe(everything);
});

it.each([
  [{ run: undefined }, "detector everything: expected the field run to be a function, got none"],
  [{ cost: 1 }, "detector everything: expected the field cost to be a text, got 1"],
  [
    { options: { score: { ...definition.options.score, default: -1 } } },
    "detector everything option score: default: expected a number >= 0, got -1",
  ],
])("a detector with %o is refused", (change, message) => {
  const error = thrownBy(() => defineDetector({ ...definition, ...change } as unknown as Detector));
  expect(error).toMatchObject({ code: "E_ARG", message });
});
