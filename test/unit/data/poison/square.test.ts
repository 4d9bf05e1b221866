import { expect, it } from "vitest";
import { checkSquare } from "../../../../src/data/poison/square.ts";
import { thrownBy } from "../../../support/thrown-by.ts";

const shape = { channels: 3, height: 32, width: 28 };

it("refuses a square larger than the image", () => {
  const { code, message, hint } = thrownBy(() => checkSquare("badnets", { size: 27, margin: 2, value: 0 }, shape));
  expect(code).toBe("E_ARG");
  expect(message).toBe("badnets: expected a trigger that fits on images of 32x28, got one of 27x27 with a margin of 2");
  expect(hint).toBe("size and margin together may be 28 at most");
});

it("takes one that just fits", () => {
  expect(() => checkSquare("badnets", { size: 26, margin: 2, value: 0 }, shape)).not.toThrow();
});
