/** What a detector of poisoned training images is: what it may see, its options, and a score for every image. */
import type { BatchSource } from "../data/batches.ts";
import type { Model } from "../models/index.ts";
import type { Generator } from "../torch/index.ts";
import type { MethodOption, OptionValues } from "../unlearn/index.ts";

export interface DetectorContext {
  /** In evaluation mode, dense, under its mask where it has one. */
  readonly model: Model;
  /** M images the model was trained on, with the labels they came with. */
  readonly train: BatchSource;
  /** Clean images held out of training. @throws CoppiceError E_CONFIG where there are none */
  readonly heldOut: () => BatchSource;
  /** For what the detector draws. */
  readonly generator: Generator;
  /** A line for the user. */
  readonly log: (message: string) => void;
  readonly signal?: AbortSignal;
}

export interface Detection {
  /** Positions in `train`, ascending; may be empty. */
  readonly suspects: readonly number[];
  /** M numbers, larger for what is more suspicious; comparable within a class at least. */
  readonly scores: readonly number[];
}

export interface DetectorDefinition<Options> {
  /** Name in the registry and in records. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly source: string;
  /** What it costs, in passes over the training images. */
  readonly cost: string;
  readonly options: Readonly<Record<keyof Options & string, MethodOption>>;
  run(context: DetectorContext, options: Options): Promise<Detection>;
}

export type Detector = DetectorDefinition<OptionValues>;

/** The options' own type is known inside of the detector's file only. */
export function defineDetector<Options>(definition: DetectorDefinition<Options>): Detector {
  return definition as unknown as Detector;
}
