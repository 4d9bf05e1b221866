import { expect, it } from "vitest";
import { Interrupted } from "../../../src/train/interrupted.ts";
import { CoppiceError } from "../../../src/util/errors.ts";

it("is no error of the user's: it has another name, and says that nothing is lost", () => {
  const error = new Interrupted();
  expect(error).not.toBeInstanceOf(CoppiceError);
  expect(`${error.name}: ${error.message}`).toBe("Interrupted: interrupted: the state was saved");
});
