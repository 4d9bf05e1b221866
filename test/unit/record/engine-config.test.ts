import { expect, it } from "vitest";
import { checkConfig } from "../../../src/record/config.ts";
import { engineConfigSchema, engines, precisions } from "../../../src/record/engine-config.ts";
import { thrownBy } from "../../support/thrown-by.ts";

it("takes each engine and precision, and neither", () => {
  for (const engine of engines)
    for (const precision of precisions)
      expect(checkConfig(engineConfigSchema, { engine, precision })).toEqual({ engine, precision });
  expect(checkConfig(engineConfigSchema, {})).toEqual({});
});

it("suggests what was likely meant", () => {
  const error = thrownBy(() => checkConfig(engineConfigSchema, { precision: "bf15" }));
  expect([error.message, error.hint]).toEqual([
    'precision: expected one of float32, bf16, got "bf15"',
    "did you mean bf16?",
  ]);
});
