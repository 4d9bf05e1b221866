/** Where suspects come from, as the flags of `coppice cleanse` have it. */
import { detectors } from "../detect/index.ts";
import type { Suspects } from "../stages/index.ts";
import { methodNamed, methodsWithoutRecords, readsRecords } from "../unlearn/index.ts";
import { CoppiceError } from "../util/errors.ts";
import { detectorFlag, givenDetectorOptions } from "./detector-flags.ts";

export interface SuspectFlags {
  readonly suspects?: string | undefined;
  readonly detect?: string | undefined;
}

/**
 * What is asked for, and nothing where no method would look at it.
 * @param names of the methods
 * @throws CoppiceError E_ARG when nothing says what is suspected and a method must know, or a detector's options stand without it
 */
export function suspectsOf(
  { suspects: file, detect: detector, ...others }: SuspectFlags,
  names: readonly string[],
): Suspects {
  const options = givenDetectorOptions(others, "detect");
  const [option] = Object.keys(options);
  if (detector === undefined && option !== undefined) {
    throw new CoppiceError("E_ARG", `${detectorFlag(option, "detect")}: expected --detect beside it, got none`, {
      hint: `for example --detect ${detectors.find((each) => option in each.options)?.name}`,
    });
  }
  const reading = names.find((name) => readsRecords(methodNamed(name)));
  if (reading === undefined) return { kind: "none" };
  if (detector !== undefined) return { kind: "detect", detector, options };
  if (file !== undefined) return { kind: "ids", file };
  throw new CoppiceError("E_ARG", `suspects: expected --suspects or --detect for ${reading}, got neither`, {
    hint: `for example --suspects suspects.csv, or --detect ${detectors[0]?.name}; ${methodsWithoutRecords().join(", ")} need none`,
  });
}

/** What a user who names suspects must know: these methods do as they would without. */
export function unreadNotes({ suspects, detect }: SuspectFlags, names: readonly string[]): string[] {
  if (suspects === undefined && detect === undefined) return [];
  const unread = names.filter((name) => !readsRecords(methodNamed(name)));
  return unread.map((name) => `note: ${name} reads no training records, and leaves the suspects aside`);
}
