/** The architectures by name. */
import type { Generator } from "../torch/index.ts";
import { expectChoice } from "../util/assert.ts";
import { invariant } from "../util/errors.ts";
import { Ensemble } from "./ensemble.ts";
import { resolveSpec } from "./model.ts";
import type { Model, ModelSpec, ResolvedModelSpec, Stem } from "./model.ts";
import { cifarResnet } from "./resnet-cifar.ts";
import { resnet18, resnet50 } from "./resnet.ts";

export interface ModelInfo {
  readonly arch: string;
  readonly description: string;
  /** Trainable parameters with 10 classes, 3 channels and the default stem. */
  readonly parameterCount: number;
  /** Default first. */
  readonly stems: readonly [Stem, ...Stem[]];
}

interface Entry extends ModelInfo {
  readonly build: (spec: ResolvedModelSpec, generator: Generator) => Model;
}

const entries: readonly Entry[] = [
  thin(20, 269_722),
  thin(32, 464_154),
  thin(44, 658_586),
  thin(56, 853_018),
  {
    arch: "resnet18",
    description: "ResNet-18, basic blocks [2, 2, 2, 2]",
    parameterCount: 11_173_962,
    stems: ["cifar", "imagenet"],
    build: resnet18,
  },
  {
    arch: "resnet50",
    description: "ResNet-50, bottleneck blocks [3, 4, 6, 3]",
    parameterCount: 23_520_842,
    stems: ["cifar", "imagenet"],
    build: resnet50,
  },
];

function thin(depth: number, parameterCount: number): Entry {
  const arch = `resnet${depth}s`;
  const description = `thin ResNet-${depth} for small images, 16 to 64 channels, shortcuts without parameters`;
  const build = (spec: ResolvedModelSpec, generator: Generator): Model => cifarResnet(spec, depth, generator);
  return { arch, description, parameterCount, stems: ["cifar"], build };
}

/** Every architecture, in the order of the documentation. */
export const models: readonly ModelInfo[] = entries;

/**
 * A freshly initialised model on the CPU in float32, in training mode. The same spec and generator state give the same weights.
 * @throws CoppiceError E_ARG for an unknown architecture (the nearest name is suggested) or a spec it cannot have.
 */
export function createModel(spec: ModelSpec, generator: Generator): Model {
  const arch = expectChoice(
    "arch",
    spec.arch,
    entries.map((entry) => entry.arch),
  );
  const entry = entries.find((candidate) => candidate.arch === arch);
  invariant(entry, `no entry for ${arch}`);
  const resolved = resolveSpec(spec, entry.stems);
  if (resolved.members === 1) return entry.build(resolved, generator);
  const one = { ...resolved, members: 1 };
  return new Ensemble(
    resolved,
    Array.from({ length: resolved.members }, () => entry.build(one, generator)),
  );
}
