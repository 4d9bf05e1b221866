/** The split of a request to forget: what is asked for, and what is taken along with it. */
import { type DigestedParts, type StayingCopies, stayingCopies } from "../data/copies.ts";
import { type RequestedSplit, requestSplit } from "../data/split.ts";
import { takeAlong, type TakenAlong } from "../data/take-along.ts";
import { withholdRetained } from "../data/withhold.ts";
import type { SplitManifest } from "../record/split.ts";
import { defined } from "../util/defined.ts";
import { CoppiceError } from "../util/errors.ts";
import type { ForgetConfig } from "./config.ts";
import type { Parent } from "./parent.ts";

export interface ForgetSplit {
  readonly split: SplitManifest;
  /** Exact copies of what is asked for that stay. */
  readonly copies: StayingCopies;
}

type SplitParent = Pick<Parent, "folder" | "loaded" | "recorded">;

/** The parent's split with the requested images to be forgotten, and what is taken along. @throws CoppiceError when the request cannot be met */
export function forgetSplit(config: ForgetConfig, parent: SplitParent): ForgetSplit {
  const { withhold, seed, withCopies, withMissing } = config;
  const { loaded } = parent;
  const { split: asked, untrained } = requestedSplit(config, parent);
  const copiesOf = (split: SplitManifest): StayingCopies => stayingCopies(digestsOf(parent), split, untrained);
  // What was passed over is a copy of what is taken along: hence again, until none is left.
  const withAll = (split: SplitManifest): SplitManifest => {
    const more = takeAlong(split, "copies", copiesOf(split));
    return more === split ? split : withAll(more);
  };
  const whole = withMissing === true ? takeAlong(asked, "missing", goneOf(loaded, asked)) : asked;
  const complete = withCopies === true ? withAll(whole) : whole;
  const split =
    withhold === undefined ? complete : withholdRetained(complete, loaded.dataset, { share: withhold, seed });
  return { split, copies: copiesOf(split) };
}

function requestedSplit({ request, forgetSeed, cleanse }: ForgetConfig, parent: SplitParent): RequestedSplit {
  const base = parent.folder.readSplit();
  if (request.kind === "none") return { split: base, untrained: { validation: [], test: [] } };
  if ("given" in request) throw notKept();
  // Suspects that are all images of a class are no class that must go.
  const options = { ...defined({ seed: forgetSeed }), asListed: cleanse !== undefined };
  return requestSplit(base, request, parent.loaded.dataset, options);
}

function goneOf({ absent }: Parent["loaded"], { indices }: SplitManifest): TakenAlong {
  const { retain, validation, test } = indices;
  const gone = (part: "train" | "test", among: readonly number[]): number[] =>
    among.filter((index) => absent?.[part].has(index) === true);
  return { retain: gone("train", retain), validation: gone("train", validation), test: gone("test", test) };
}

/** Of the listing, where there is one: it has those of images that are gone. */
function digestsOf({ recorded, loaded }: SplitParent): DigestedParts {
  return recorded?.listing ?? loaded.dataset;
}

function notKept(): CoppiceError {
  return new CoppiceError("E_ARG", "request: expected ids or positions, got the number of them that a record keeps", {
    hint: "give the list again: a run's record has no ids",
  });
}
