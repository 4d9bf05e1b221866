/** How the reference implementation trained for a fixture, in the names of our options. */
import { readGoldenJson } from "./golden.ts";
import type { TinyDType, TinyWeights } from "./tiny-net.ts";

export interface GoldenTraining {
  readonly start: TinyWeights;
  readonly batchSize: number;
  /** Of SGD. */
  readonly training: { readonly epochs: number; readonly lr: number; readonly momentum: number; weightDecay: number };
  /** The method's own, under the names of the fixture. */
  readonly settings: Readonly<Record<string, number>>;
  readonly tolerance: Readonly<Record<TinyDType, number>>;
}

/** The fixtures of the reference have momentum and the like beside its settings, those from the papers among them. */
interface Fixture {
  readonly start?: TinyWeights;
  readonly settings: Readonly<Record<string, number>>;
  readonly momentum?: number;
  readonly weight_decay?: number;
  readonly batch?: number;
  readonly recommended_tolerance: Readonly<Record<TinyDType, number>>;
}

export function readGoldenTraining(path: string): GoldenTraining {
  const { settings, recommended_tolerance, start = "theta_o", ...beside } = readGoldenJson<Fixture>(path);
  const all: Readonly<Record<string, unknown>> = { ...settings, ...beside };
  const first = (...names: readonly string[]): number => {
    const value = names.map((name) => all[name]).find((found) => found !== undefined);
    if (typeof value !== "number") throw new TypeError(`${path}: expected a number ${names.join(" or ")}`);
    return value;
  };
  return {
    start,
    batchSize: first("batch"),
    training: {
      epochs: first("unlearn_epochs", "epochs"),
      lr: first("unlearn_lr", "lr"),
      momentum: first("momentum"),
      weightDecay: first("weight_decay"),
    },
    settings,
    tolerance: recommended_tolerance,
  };
}
