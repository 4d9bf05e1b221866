/** The architectures by name. */
import { Registry } from "../util/registry.ts";
import { type Architecture, checkArchitecture } from "./architecture.ts";
import { resnet18, resnet50 } from "./resnet.ts";
import { resnet20s, resnet32s, resnet44s, resnet56s } from "./resnet-cifar.ts";

export const architectureRegistry = new Registry<Architecture>(
  "arch",
  [resnet20s, resnet32s, resnet44s, resnet56s, resnet18, resnet50],
  checkArchitecture,
);

export const architectures: readonly Architecture[] = architectureRegistry.all;
