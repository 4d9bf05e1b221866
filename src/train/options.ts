/** What training is told, and what it tells. */
import { crossEntropy, type Module } from "../nn/index.ts";
import type { Optimizer, Schedule } from "../optim/index.ts";
import type { Mask } from "../prune/mask.ts";
import type { MetricLine } from "../record/index.ts";
import type { Generator, Tensor } from "../torch/index.ts";
import type { CheckpointFile } from "./checkpoint.ts";

/** What a loss or a hook may look at. */
export interface StepContext {
  /** float [N, C, H, W] in [0, 1], augmented. */
  readonly images_NCHW: Tensor;
  readonly logits_NK: Tensor;
  /** int64 [N]. */
  readonly labels_N: Tensor;
  /** From 0. */
  readonly epoch: number;
  /** Within the epoch, from 0. */
  readonly step: number;
}

/** The loss of a step, where a call of `fit` does not say. */
export function defaultLoss({ logits_NK, labels_N }: StepContext): Tensor {
  return crossEntropy(logits_NK, labels_N);
}

export interface FitOptions {
  readonly epochs: number;
  readonly optimizer: Optimizer;
  readonly schedule: Schedule;
  /** A scalar to be minimised. Default: mean cross-entropy. */
  readonly loss?: (context: StepContext) => Tensor;
  /** Between backward pass and optimiser step: may change gradients. */
  readonly afterBackward?: (context: StepContext) => void;
  /** After the optimiser step: may change weights. */
  readonly afterStep?: (context: StepContext, learningRate: number) => void;
  /** Weight of a penalty in an epoch, and weights that are zero after it: only for the record. */
  readonly describeEpoch?: (epoch: number) => Pick<MetricLine, "penalty" | "zeros">;
  /** After each epoch (`epoch` epochs are done): may save the weights. */
  readonly afterEpoch?: (epoch: number) => void;
  /** Draw a new order every epoch. Default true; false takes the batches in stored order. */
  readonly shuffle?: boolean;
  /** Augment, where the run does at all. Default true. */
  readonly augment?: boolean;
}

export interface Progress {
  /** What is done to the images, where it is not training: then there is no loss. */
  readonly what?: string;
  readonly phase: number;
  /** From 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** From 1, within the epoch. */
  readonly step: number;
  readonly steps: number;
  readonly loss: number;
  /** Over the epoch so far. */
  readonly accuracy: number;
  readonly imagesPerSecond: number;
  /** Of this call of `fit`. */
  readonly secondsLeft: number;
}

export interface TrainerOptions {
  /** Whether images come in a new order each epoch, where a call of `fit` does not say. Default true. */
  readonly shuffle?: boolean;
  readonly model: Module;
  readonly generators: { readonly order: Generator; readonly augment: Generator };
  readonly batchSize: number;
  /** Whether training images are cropped and flipped. */
  readonly augment: boolean;
  /** Holds through everything the trainer does. */
  readonly mask?: Mask | null;
  /** Where the state is saved, and resumed from if it is there. */
  readonly checkpoint?: CheckpointFile;
  /** Seconds between two savings. Default 30. */
  readonly checkpointSeconds?: number;
  /** Accuracy on held-out images, measured after every epoch. */
  readonly validate?: () => number;
  readonly onStep?: (progress: Progress) => void;
  /** Told what a reader of the result must know of the training. */
  readonly onNote?: (note: string) => void;
  readonly onEpoch?: (line: MetricLine) => void;
  /** When aborted, the trainer saves its state after the current step and throws Interrupted. */
  readonly signal?: AbortSignal;
}
