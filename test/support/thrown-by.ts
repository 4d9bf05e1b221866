import { CoppiceError } from "../../src/util/errors.ts";

/** The CoppiceError that `action` throws; anything else fails the test. */
export function thrownBy(action: () => unknown): CoppiceError {
  try {
    action();
  } catch (error) {
    if (error instanceof CoppiceError) return error;
    throw error;
  }
  throw new TypeError("expected a CoppiceError, got none");
}
