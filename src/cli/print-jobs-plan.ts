/** What an experiment would do, and about how long it takes, on a terminal. */
import { duration } from "../format/index.ts";
import type { PlanLine } from "../jobs/index.ts";
import { print } from "./output.ts";

export function printJobsPlan(lines: readonly PlanLine[]): void {
  for (const { kind, jobs, done, failed, secondsLeft } of lines) {
    const again = failed === 0 ? "" : `, ${failed} failed before`;
    const counts = `${kind.padEnd(9)} ${String(jobs).padStart(4)} jobs, ${done} done${again}`;
    print(`${counts}; left: about ${duration(secondsLeft)}`);
  }
  const seconds = lines.reduce((sum, line) => sum + line.secondsLeft, 0);
  print(`in all    about ${duration(seconds)} in one process`);
}
