/** What every image classifier has, and the description it is built from. */
import { type Linear, Module } from "../nn/index.ts";
import type { Tensor } from "../torch/index.ts";
import { expectChoice, expectInteger } from "../util/assert.ts";
import { CoppiceError } from "../util/errors.ts";
import type { NetworkGraph } from "./graph.ts";

/** Name of the last layer, as in torchvision. */
export const HEAD = "fc";

/** First layers: `cifar` keeps the resolution of small images, `imagenet` quarters it. */
export type Stem = "cifar" | "imagenet";

export interface ModelSpec {
  /** A name of the registry, e.g. `resnet18`. */
  readonly arch: string;
  readonly numClasses: number;
  /** 3 for colour (default), 1 for grey images. */
  readonly inChannels?: number;
  /** Height and width of the images the model is meant for; default 32, or 224 with the ImageNet stem. */
  readonly imageSize?: number;
  /** Default: the architecture's first. */
  readonly stem?: Stem;
  /** How many such networks form an ensemble; default 1, a single network. */
  readonly members?: number;
  /** Per channel, of images in [0, 1]. */
  readonly normalize: { readonly mean: readonly number[]; readonly std: readonly number[] };
}

/** A spec with every choice made: enough to build the same model again. */
export type ResolvedModelSpec = Required<ModelSpec>;

/** A classifier: images in [0, 1], `[N, inChannels, H, W]`, to logits `[N, numClasses]`. */
export abstract class Model extends Module {
  readonly spec: ResolvedModelSpec;

  constructor(spec: ResolvedModelSpec) {
    super();
    this.spec = spec;
  }

  /** The last layer, registered as {@link HEAD}, that makes logits of features; null where there is no single one. */
  get head(): Linear | null {
    return null;
  }

  /** What the head is given of images, `[N, F]`; null where there is no head. */
  features(_images_NCHW: Tensor): Tensor | null {
    return null;
  }

  /** The steps of the network, or null when it cannot be described so. */
  graph(): NetworkGraph | null {
    return null;
  }
}

/**
 * Fills in the defaults. @param stems the architecture's, default first
 * @throws CoppiceError E_ARG naming the field.
 */
export function resolveSpec(spec: ModelSpec, stems: readonly [Stem, ...Stem[]]): ResolvedModelSpec {
  const { arch, numClasses, inChannels = 3, members = 1, normalize } = spec;
  const stem = expectChoice(`${arch}.stem`, spec.stem ?? stems[0], stems);
  const imageSize = spec.imageSize ?? (stem === "cifar" ? 32 : 224);
  expectInteger(`${arch}.numClasses`, numClasses, { min: 2 });
  expectInteger(`${arch}.inChannels`, inChannels, { min: 1 });
  expectInteger(`${arch}.imageSize`, imageSize, { min: 1 });
  expectInteger(`${arch}.members`, members, { min: 1 });
  for (const [name, values] of Object.entries(normalize)) {
    if (values.length !== inChannels) {
      const expected = `${inChannels} values, one per channel`;
      throw new CoppiceError("E_ARG", `${arch}.normalize.${name}: expected ${expected}, got ${values.length}`);
    }
  }
  return { arch, numClasses, inChannels, imageSize, stem, members, normalize };
}
