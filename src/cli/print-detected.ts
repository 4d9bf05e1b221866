/** What a detector found, on a terminal. */
import { plural } from "../format/index.ts";
import type { Detected } from "../stages/index.ts";
import { intervalText, scoreText } from "./score-text.ts";
import { print } from "./output.ts";

export function printDetected({ suspects, train, truth }: Detected, file: string): void {
  print(`${file}: ${plural(suspects, "suspect")} among ${plural(train, "training image")}`);
  if (truth === undefined) return;
  const { precision, recall, found, poisoned } = truth;
  print(
    `  precision ${scoreText(precision)} (${intervalText(precision.interval)}): ${found} of the suspects are poisoned`,
  );
  print(`  recall ${scoreText(recall)} (${intervalText(recall.interval)}): of ${plural(poisoned, "poisoned image")}`);
}
