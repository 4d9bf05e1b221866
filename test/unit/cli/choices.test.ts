import { describe, expect, it } from "vitest";
import type { Choice } from "../../../src/cli/choice.ts";
import {
  attackChoice,
  cleanseDetectorChoice,
  detectorChoice,
  methodChoice,
  prunerChoice,
} from "../../../src/cli/choices.ts";
import { attackNamed, attacks } from "../../../src/data/poison/index.ts";
import { detectors } from "../../../src/detect/index.ts";
import { pruners } from "../../../src/prune/index.ts";
import { methods } from "../../../src/unlearn/index.ts";

const optionsOf = (choice: Choice, name: string): object =>
  choice.all().find((each) => each.name === name)?.options ?? {};

describe("what can be chosen", () => {
  it.each([
    [methodChoice, methods],
    [detectorChoice, detectors],
    [cleanseDetectorChoice, detectors],
    [attackChoice, attacks],
    [prunerChoice, pruners],
  ])("is what its registry has", (choice, registered) => {
    expect(choice.all().map(({ name }) => name)).toEqual(registered.map(({ name }) => name));
  });

  it("has the ranges and defaults of an attack's options", () => {
    const { alpha } = attackNamed("blended").options;
    expect(optionsOf(attackChoice, "blended")).toMatchObject({ alpha: { type: "number", ...alpha } });
    expect(optionsOf(attackChoice, "badnets")).toMatchObject({ size: { type: "integer" } });
  });

  it("has a rate for pruners in rounds only", () => {
    expect(Object.keys(optionsOf(prunerChoice, "imp"))).toEqual(["rate"]);
    expect(optionsOf(prunerChoice, "omp")).toEqual({});
  });
});
