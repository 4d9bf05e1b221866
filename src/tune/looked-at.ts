/** What a search looks at, in sentences for its record. */
import type { TuneRecord } from "../record/index.ts";
import type { PreparedTune } from "./prepare.ts";

/** The objective, and which images are used for what. */
export function lookedAt({ split }: Pick<PreparedTune, "split">): TuneRecord["looked"] {
  const { validation, withheld = [] } = split.indices;
  const whole = split.scenario.kind === "class";
  const forgetting = whole
    ? "what is left of the accuracy on the forgotten classes, in images to forget and in never-seen ones, whichever is more; the share of images to forget that the membership attack still classifies as members"
    : "the distance between images to forget and never-seen images of the same classes in accuracy, and in the share that the membership attack classifies as non-members";
  return {
    objective: `mean of four terms, an estimate of the Disparity Ave. without Retrain: ${forgetting}; how far accuracy on the withheld images, and on never-seen images${whole ? " of the other classes" : ""}, is below the original's on those never-seen images`,
    neverSeen: `the ${validation.length} images of the split's validation part, on which the original was not trained`,
    withheld: `${withheld.length} retained images, a part of every class, that no trial was given`,
    statement:
      "Neither the test set nor Retrain was read: the trials are handed data without test images, and no run of Retrain.",
  };
}
