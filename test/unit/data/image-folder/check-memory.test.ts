import { expect, it } from "vitest";
import { checkMemory } from "../../../../src/data/image-folder/check-memory.ts";
import { thrownBy } from "../../../support/thrown-by.ts";

it("lets through what fits, and says how much would not", () => {
  checkMemory("root", 32, [1000, 200]);
  const error = thrownBy(() => checkMemory("root", 1024, [1_000_000, 10]));
  expect(error).toMatchObject({ code: "E_DATA", hint: expect.stringContaining("--num-train") });
  expect(error.message).toMatch(/^root: expected at most \S+ GiB of images, .* got 2929\.7 GiB at 1024x1024$/);
});
