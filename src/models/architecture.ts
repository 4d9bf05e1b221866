/** What an architecture is: a name, and a function that builds the network from a description. */
import type { Generator } from "../torch/index.ts";
import { checkDefinition, markKind } from "../util/definition.ts";
import type { Model, ResolvedModelSpec, Stem } from "./model.ts";

export interface Architecture {
  /** Name in the registry, on the command line and in records. */
  readonly name: string;
  readonly description: string;
  /** Trainable parameters with 10 classes, 3 channels and the default stem; absent: not stated. */
  readonly parameterCount?: number;
  /** First layers that it can have, the default first. Absent: `cifar` alone, the resolution of small images. */
  readonly stems?: readonly [Stem, ...Stem[]];
  /** A freshly initialised network on the CPU, in float32 and training mode: the same spec and generator state give the same weights. */
  readonly build: (spec: ResolvedModelSpec, generator: Generator) => Model;
}

/**
 * @throws CoppiceError E_ARG for a definition that lacks something
 * @example
 * import { defineArchitecture } from "coppice";
 * import { Model, type ResolvedModelSpec } from "coppice/models";
 * import { AdaptiveAvgPool2d, Conv2d, Flatten, Linear, Normalize, Sequential } from "coppice/nn";
 * import type { Generator, Tensor } from "coppice/torch";
 *
 * class ThreeLayers extends Model {
 *   readonly #layers: Sequential;
 *
 *   constructor(spec: ResolvedModelSpec, generator: Generator) {
 *     super(spec);
 *     this.#layers = this.registerModule(
 *       "layers",
 *       new Sequential(
 *         new Normalize(spec.normalize),
 *         new Conv2d({ inChannels: spec.inChannels, outChannels: 8, kernelSize: 3, padding: 1 }, generator),
 *         new AdaptiveAvgPool2d(1),
 *         new Flatten(),
 *         new Linear({ inFeatures: 8, outFeatures: spec.numClasses }, generator),
 *       ),
 *     );
 *   }
 *
 *   override forward(images_NCHW: Tensor): Tensor {
 *     return this.#layers.call(images_NCHW);
 *   }
 * }
 *
 * const threeLayers = defineArchitecture({
 *   name: "three-layers",
 *   description: "one convolution, the mean, one linear layer",
 *   build: (spec, generator) => new ThreeLayers(spec, generator),
 * });
 */
export function defineArchitecture(architecture: Architecture): Architecture {
  checkArchitecture(architecture);
  return markKind("architecture", architecture);
}

/** @throws CoppiceError E_ARG for a definition that lacks something */
export function checkArchitecture(architecture: Architecture): void {
  checkDefinition("architecture", architecture, { description: "text", stems: "object?", build: "function" });
}
