/** The last layers of a network: its convolutions and linear layers in model order, each with the normalisation that follows it. */
import type { Model } from "../../models/index.ts";
import { BatchNorm2d, Conv2d, Linear } from "../../nn/index.ts";
import type { Forgotten } from "../method.ts";
import { expectRange } from "../../util/assert.ts";
import type { NumberOption } from "../../util/described-options.ts";

export interface LastLayersOption {
  /** k ≥ 1, at most as many as the network has. */
  readonly layers: number;
}

export const layersOption: NumberOption = {
  type: "integer",
  default: 3,
  min: 1,
  max: 10_000,
  description: "how many of the last convolutions and linear layers are trained",
  source: "this project's choice: Goel et al. show results for several k and recommend none",
};

/** Before there is a network. @param method for the error @throws CoppiceError E_ARG when the original has fewer layers than `count` */
export function expectLayers(method: string, count: number, { layers }: Pick<Forgotten, "layers">): void {
  expectRange(`${method} layers`, count, 1, layers);
}

/**
 * Paths of the last `count` of them, with their normalisations.
 * @param method for the error @throws CoppiceError E_ARG when the network has fewer
 */
export function lastLayers(model: Model, count: number, method: string): string[] {
  const layers: string[][] = [];
  for (const [path, layer] of model.namedModules()) {
    if (layer instanceof Conv2d || layer instanceof Linear) layers.push([path]);
    else if (layer instanceof BatchNorm2d) layers.at(-1)?.push(path);
  }
  expectLayers(method, count, { layers: layers.length });
  return layers.slice(-count).flat();
}

/** The entries whose name belongs to one of the layers at `paths`. */
export function within<T>(named: ReadonlyMap<string, T>, paths: readonly string[]): Map<string, T> {
  const of = new Set(paths);
  return new Map([...named].filter(([name]) => of.has(name.slice(0, name.lastIndexOf(".")))));
}

/** Runs `body` while the parameters outside of `paths` have no gradients. */
export async function trainingOnly(model: Model, paths: readonly string[], body: () => Promise<void>): Promise<void> {
  const own = within(model.namedParameters(), paths);
  const others = [...model.namedParameters()].filter(([name]) => !own.has(name)).map(([, parameter]) => parameter);
  for (const parameter of others) parameter.requiresGrad = false;
  try {
    await body();
  } finally {
    for (const parameter of others) parameter.requiresGrad = true;
  }
}
