/** What a finding is; see index.ts. */
import type { BackdoorCell } from "../record/backdoor-experiment.ts";
import type { FindingRecord } from "../record/experiment.ts";

/** A claim, published or ours, and how results decide on it. */
export interface Finding<Results> {
  /** Name in the registry, in recipes and in records. */
  readonly name: string;
  /** What is claimed, in a sentence. */
  readonly claim: string;
  /** The published numbers, with their source; of a claim of ours, that it was not published. */
  readonly published: string;
  /** Run times are part of it: it is shown with them, since scores are the same however often they are made. */
  readonly timed?: true;
  readonly judge: (results: Results) => Judgement;
}

/** What came out here in words, and the verdict. */
export type Judgement = Pick<FindingRecord, "ours" | "verdict">;

/** A finding on an attack, judged by the cells of a backdoor experiment. */
export interface BackdoorFinding extends Finding<readonly BackdoorCell[]> {
  readonly attack: string;
  /** The cells that the claim speaks of. Where there are none, nothing is judged. */
  readonly select: (cells: readonly BackdoorCell[]) => readonly BackdoorCell[];
}
