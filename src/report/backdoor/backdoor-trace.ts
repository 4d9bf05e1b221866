/** Attack success over a cleanse, of cells that may take different numbers of steps. */
import type { BackdoorCell } from "../../record/index.ts";
import { mean } from "../../util/lists.ts";
import type { AttackSuccessForm } from "../scores.ts";

export interface Measurements {
  /** Epochs where the cells take different numbers of steps in one, percent of the cleanse where they take different numbers of epochs. */
  readonly unit: "steps" | "epochs" | "percent";
  readonly heads: readonly string[];
  /** Cells that work in epochs: others have nothing between before and after. */
  readonly cells: readonly BackdoorCell[];
  /** Attack success at each head, mean over seeds; before the cleanse first, after it last. */
  readonly valuesOf: (cell: BackdoorCell, form: AttackSuccessForm) => (number | undefined)[];
}

/** Columns or ticks, at most about as many. */
const mostMeasurements = 10;

export function measurementsOf(all: readonly BackdoorCell[]): Measurements {
  const cells = all.filter(({ repetitions }) => repetitions.some(({ trace }) => trace.length > 1));
  const traces = cells.flatMap(({ repetitions }) => repetitions.map(({ trace }) => trace));
  const last = Math.max(0, ...traces.map(({ length }) => length - 1));
  if (traces.some(({ length }) => length - 1 !== last)) {
    const shares = Array.from({ length: mostMeasurements + 1 }, (_, i) => i / mostMeasurements);
    return {
      unit: "percent",
      heads: shares.map((share) => String(Math.round(100 * share))),
      cells,
      valuesOf: (cell, form) =>
        shares.map((share) => traceAt(cell, form, (length) => Math.round(share * (length - 1)))),
    };
  }
  const every = Math.max(1, Math.ceil(last / mostMeasurements));
  const epochs = Array.from({ length: last + 1 }, (_, i) => i).filter((i) => i % every === 0 || i === last);
  const stepsAt = (epoch: number): Set<number> => new Set(traces.flatMap((trace) => trace[epoch]?.step ?? []));
  const unit = epochs.every((epoch) => stepsAt(epoch).size === 1) ? "steps" : "epochs";
  return {
    unit,
    heads: epochs.map((epoch) => String(unit === "steps" ? [...stepsAt(epoch)][0] : epoch)),
    cells,
    valuesOf: (cell, form) => epochs.map((epoch) => traceAt(cell, form, () => epoch)),
  };
}

export const unitNames = { steps: "steps", epochs: "epochs", percent: "percent of the cleanse" } as const;

function traceAt(
  { repetitions }: BackdoorCell,
  form: AttackSuccessForm,
  epochOf: (length: number) => number,
): number | undefined {
  const values = repetitions.flatMap(({ trace }) => trace[epochOf(trace.length)]?.[form] ?? []);
  return values.length === 0 ? undefined : mean(values);
}
