/** The verdict on several cleanses of one model: that on the best of them, and where the others ended. */
import type { CleanseComparisonRecord } from "../../record/index.ts";
import { cleanseVerdict, GONE, isGone, mended } from "./cleanse-verdict.ts";
import type { ComparedCleanse } from "./cleanse-comparison-table.ts";
import { listing, percent, plural, sparsityName } from "../../format/index.ts";
import { methodLabel } from "../scores.ts";
import type { Verdict } from "../run/verdict.ts";

export function cleanseComparisonVerdict(record: CleanseComparisonRecord): Verdict {
  const { cleanses, best } = record;
  const chosen = best === undefined ? undefined : cleanses[best];
  if (chosen === undefined) {
    return {
      level: "neutral",
      label: "Attack unknown",
      headline: `${mended(record)}, in ${ways(cleanses)}. Whether a trigger still works cannot be measured, because none is known.`,
      sentences: [
        `The accuracy on clean test images is now ${cleanses.map((each) => `${percent(each.run.metrics.SA.value)} with ${nameOf(each)}`).join(", ")}.`,
      ],
    };
  }
  // Whose suspects it read, if any: other cleanses of the comparison may have read some.
  const { suspects: _, ...shared } = record;
  const verdict = cleanseVerdict({ ...shared, ...chosen });
  if (cleanses.length === 1) return verdict;
  const part = (gone: boolean): string => listing(cleanses.filter((each) => isGone(each) === gone).map(nameOf));
  const [gone, left] = [part(true), part(false)];
  return {
    ...verdict,
    sentences: [
      `Of ${ways(cleanses)} this is the one of the highest defence effectiveness on these very test images, which flatters it.`,
      ...verdict.sentences,
      `The attack success is at most ${percent(GONE)} after ${gone === "" ? "none of them" : gone}${left === "" ? "" : `, and above after ${left}`}.`,
    ],
  };
}

function ways(cleanses: readonly ComparedCleanse[]): string {
  return cleanses.length === 1 ? "one way" : plural(cleanses.length, "way");
}

function nameOf({ run, before }: ComparedCleanse): string {
  return `${methodLabel(run.method)} on the ${sparsityName(before.sparsity)} model`;
}
