import { expect, it } from "vitest";
import { detectorNamed, detectors } from "../../../src/detect/registry.ts";
import { thrownBy } from "../../support/thrown-by.ts";

it("lists the detectors, each with its texts", () => {
  expect(detectors.map(({ name }) => name)).toEqual(["activation-clustering", "spectral-signatures", "strip"]);
  for (const { title, description, source, cost } of detectors) {
    for (const text of [title, description, source, cost]) expect(text.trim().length).toBeGreaterThan(2);
  }
});

it("finds a detector by name, and suggests the nearest", () => {
  for (const detector of detectors) expect(detectorNamed(detector.name)).toBe(detector);
  expect(thrownBy(() => detectorNamed("stripe"))).toMatchObject({ code: "E_ARG", hint: "did you mean strip?" });
});
