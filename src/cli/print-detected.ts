/** What a detector found, on a terminal. */
import type { Detected } from "../stages/index.ts";

export function printDetected({ suspects, train, truth }: Detected, file: string): void {
  console.log(`${file}: ${suspects} suspects among ${train} training images`);
  if (truth === undefined) return;
  const { precision, recall, found, poisoned } = truth;
  const interval = (bounds: readonly number[]): string => bounds.map((bound) => bound.toFixed(4)).join(" to ");
  console.log(
    `  precision ${precision.value.toFixed(4)} (${interval(precision.interval)}): ${found} of them are poisoned`,
  );
  console.log(`  recall ${recall.value.toFixed(4)} (${interval(recall.interval)}): of ${poisoned} poisoned images`);
}
