/** Which training images `coppice cleanse` forgets, as its flags say. */
import { detectors } from "../detect/index.ts";
import type { Suspects } from "../stages/index.ts";
import { methodNamed, methodsWithoutTrainingImages, readsTrainingImages } from "../unlearn/index.ts";
import { CoppiceError } from "../util/errors.ts";
import { flagOf, givenOptions } from "./choice.ts";
import { cleanseDetectorChoice } from "./choices.ts";

export interface SuspectOptions {
  readonly suspects?: string | undefined;
  readonly detect?: string | undefined;
}

/**
 * Where the suspects come from; `none` when no method reads training images.
 * @param methods names
 * @throws CoppiceError E_ARG when a method needs suspects and neither flag is given, or for a detector's options without `--detect`
 */
export function suspectsOf(
  { suspects: file, detect: detector, ...others }: SuspectOptions,
  methods: readonly string[],
): Suspects {
  const options = givenOptions(cleanseDetectorChoice, others);
  const [option] = Object.keys(options);
  if (detector === undefined && option !== undefined) {
    throw new CoppiceError("E_ARG", `${flagOf(cleanseDetectorChoice, option)}: expected --detect beside it, got none`, {
      hint: `for example --detect ${detectors.find((each) => option in each.options)?.name}`,
    });
  }
  const reading = methods.find((name) => readsTrainingImages(methodNamed(name)));
  if (reading === undefined) return { kind: "none" };
  if (detector !== undefined) return { kind: "detect", detector, options };
  if (file !== undefined) return { kind: "ids", file };
  throw new CoppiceError("E_ARG", `suspects: expected --suspects or --detect for ${reading}, got neither`, {
    hint: `for example --suspects suspects.csv, or --detect ${detectors[0]?.name}; ${methodsWithoutTrainingImages().join(", ")} need none`,
  });
}

/** A note for each method that takes no notice of the suspects that were given. */
export function unusedSuspectNotes({ suspects, detect }: SuspectOptions, methods: readonly string[]): string[] {
  if (suspects === undefined && detect === undefined) return [];
  const unused = methods.filter((name) => !readsTrainingImages(methodNamed(name)));
  return unused.map((name) => `note: ${name} reads no training images, so the suspects make no difference to it`);
}
