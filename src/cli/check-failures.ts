/** Ends a command whose jobs did not all succeed. */
import type { ExperimentRecord } from "../record/index.ts";
import { CoppiceError } from "../util/errors.ts";

/** @throws CoppiceError E_CONFIG when a job failed, naming the first */
export function checkFailures(recipe: string, failures: ExperimentRecord["failures"]): void {
  const [first] = failures;
  if (first === undefined) return;
  throw new CoppiceError(
    "E_CONFIG",
    `${recipe}: expected every job to succeed, got ${failures.length} that did not: ${first.title}: ${first.message}`,
    { hint: "the tables hold what succeeded; run the command again to try the others again" },
  );
}
