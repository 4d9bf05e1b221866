/** Ends a command whose stages did not all succeed. */
import type { ExperimentRecord } from "../record/index.ts";
import { CoppiceError } from "../util/errors.ts";

/** @param name of the recipe @throws CoppiceError E_CONFIG where a stage failed, naming the first */
export function refuseFailures(name: string, failures: ExperimentRecord["failures"]): void {
  const [first] = failures;
  if (first === undefined) return;
  throw new CoppiceError(
    "E_CONFIG",
    `${name}: expected every stage to succeed, got ${failures.length} that did not: ${first.title}: ${first.message}`,
    { hint: "the tables hold what succeeded; what failed is tried again when the command is run again" },
  );
}
