import { CoppiceError } from "../../src/util/errors.ts";

/** The CoppiceError that `promise` is rejected with; anything else fails the test. */
export async function rejectionOf(promise: Promise<unknown>): Promise<CoppiceError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof CoppiceError) return error;
    throw error;
  }
  throw new TypeError("expected a CoppiceError, got none");
}
