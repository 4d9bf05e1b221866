/** What a detector of poisoned training images is: what it may see, its options, and a score for every image. */
import type { BatchSource } from "../data/batches.ts";
import type { Model } from "../models/index.ts";
import type { Generator } from "../torch/index.ts";
import { callable, checkDefinition, type GivenOptions, markKind } from "../util/definition.ts";
import {
  checkDescribedOptions,
  type DescribedOptions,
  type OptionValue,
  type OptionValues,
} from "../util/described-options.ts";

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
  readonly options: DescribedOptions<Options>;
  run(context: DetectorContext, options: Options): Promise<Detection>;
}

export type Detector = DetectorDefinition<OptionValues>;

/** A detector with some of its options; the others have their defaults. */
export interface DetectorChoice {
  readonly detector: Detector;
  readonly options: Readonly<Record<string, OptionValue | undefined>>;
}

/** A detector that is called with its options: `strip({ overlays: 32 })`. */
export interface CallableDetector<Options> extends Detector {
  (options?: GivenOptions<Options>): DetectorChoice;
}

/**
 * A detector of `Options`, which must have exactly the fields that `definition.options` describes: values are checked against those before
 * `run` is called.
 * @throws CoppiceError E_ARG for a definition that lacks something
 * @example
 * import { defineDetector } from "coppice";
 *
 * const firstImages = defineDetector<{ count: number }>({
 *   name: "first-images",
 *   title: "First images",
 *   description: "suspects the first images, whatever they show",
 *   source: "an example",
 *   cost: "nothing",
 *   options: { count: { type: "integer", default: 5, min: 1, description: "how many", source: "an example" } },
 *   run: async ({ train }, { count }) => {
 *     const scores = Array.from({ length: train.count }, (_, i) => (i < count ? 1 : 0));
 *     return { suspects: scores.flatMap((score, i) => (score > 0 ? [i] : [])), scores };
 *   },
 * });
 * console.log(firstImages({ count: 2 }).options); // { count: 2 }
 */
export function defineDetector<Options>(definition: DetectorDefinition<Options>): CallableDetector<Options> {
  const detector = definition as unknown as Detector;
  checkDetector(detector);
  const made = callable(detector, (chosen, options: GivenOptions<Options>): DetectorChoice => {
    return { detector: chosen, options: options as DetectorChoice["options"] };
  });
  return markKind("detector", made);
}

/** @throws CoppiceError E_ARG for a detector that lacks something */
export function checkDetector(detector: Detector): void {
  checkDefinition("detector", detector, {
    title: "text",
    description: "text",
    source: "text",
    cost: "text",
    options: "object",
    run: "function",
  });
  checkDescribedOptions(`detector ${detector.name}`, detector.options);
}
