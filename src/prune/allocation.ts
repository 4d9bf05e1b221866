/** How sparsity is spread over layers: a name, and a mask from scores. */
import { scope, type Tensor } from "../torch/index.ts";
import { checkDefinition } from "../util/definition.ts";
import { checkScores, roundHalfEven } from "./global-mask.ts";
import { Mask } from "./mask.ts";

export interface AllocationRequest {
  /** Share of all prunable weights to remove, in [0, 1). */
  readonly sparsity: number;
  /** Share of the dense network's multiplications that may stay, in (0, 1]; only `flops` reads it. */
  readonly flops: number;
  /** Pixels of the output map (height x width), for each of which a weight of the layer is used once, by parameter name. */
  readonly outputPixels: ReadonlyMap<string, number>;
}

export interface Allocation {
  /** Name in the registry and on the command line. */
  readonly name: string;
  readonly description: string;
  readonly source: string;
  /** Sparsities that it cannot have. @throws CoppiceError E_ARG */
  check?(sparsity: number): void;
  /** @param scores one an entry of each prunable weight, in model order: of each layer the largest stay */
  mask(scores: ReadonlyMap<string, Tensor>, request: AllocationRequest): Mask;
}

/** @throws CoppiceError E_ARG for an allocation that lacks something */
export function defineAllocation(allocation: Allocation): Allocation {
  checkAllocation(allocation);
  return allocation;
}

/** @throws CoppiceError E_ARG for an allocation that lacks something */
export function checkAllocation(allocation: Allocation): void {
  checkDefinition("allocation", allocation, {
    description: "text",
    source: "text",
    check: "function?",
    mask: "function",
  });
}

/** How many of all entries the sparsity leaves. */
export function keptCount(scores: ReadonlyMap<string, Tensor>, sparsity: number): number {
  const all = [...scores.values()].reduce((sum, { numel }) => sum + numel, 0);
  return all - roundHalfEven(sparsity * all);
}

/** Spreads what the sparsity leaves over the layers in proportion to `weights`, none beyond its size. */
export function keepInProportion(
  scores: ReadonlyMap<string, Tensor>,
  sparsity: number,
  weights: readonly number[],
): Mask {
  const sizes = [...scores.values()].map(({ numel }) => numel);
  const total = keptCount(scores, sparsity);
  return keepLargest(scores, roundToTotal(proportional(weights, total, sizes), total, sizes));
}

/** Keeps `counts[i]` entries of the i-th layer, those of the largest scores; of equal ones the later, as in `globalMask`. */
export function keepLargest(scores: ReadonlyMap<string, Tensor>, counts: readonly number[]): Mask {
  checkScores(scores);
  return scope(() =>
    Mask.of(
      new Map(
        [...scores].map(([name, score], i) => {
          const flat = score.detach().reshape([-1]);
          const [, order] = flat.sortStable(true, 0, false);
          const removed = order.narrow(0, 0, score.numel - (counts[i] ?? 0));
          return [
            name,
            flat
              .to("bool")
              .fill_(1)
              .indexFill_(0, removed, 0)
              .reshape([...score.shape]),
          ];
        }),
      ),
    ),
  );
}

/** Whole numbers that add up to `total`, as near to `shares` as that allows, each at most its bound; the sum of `shares` is `total`. */
export function roundToTotal(shares: readonly number[], total: number, bounds: readonly number[]): number[] {
  const counts = shares.map(Math.floor);
  let rest = total - counts.reduce((sum, count) => sum + count, 0);
  const byFraction = shares.map((share, i) => [share - Math.floor(share), i] as const).sort(([a], [b]) => b - a);
  for (const [, i] of byFraction) {
    if (rest <= 0) break;
    if ((counts[i] ?? 0) >= (bounds[i] ?? 0)) continue;
    counts[i] = (counts[i] ?? 0) + 1;
    rest--;
  }
  return counts;
}

/**
 * Shares of `total` in proportion to `weights`, each at most its bound: what is above goes to the others.
 * The bounds must add up to at least `total`.
 */
export function proportional(weights: readonly number[], total: number, bounds: readonly number[]): number[] {
  const full = new Set<number>();
  for (;;) {
    const taken = [...full].reduce((sum, i) => sum + (bounds[i] ?? 0), 0);
    const open = weights.reduce((sum, weight, i) => (full.has(i) ? sum : sum + weight), 0);
    const shares = weights.map((weight, i) => (full.has(i) ? (bounds[i] ?? 0) : (weight / open) * (total - taken)));
    const above = shares.flatMap((share, i) => (!full.has(i) && share > (bounds[i] ?? 0) ? [i] : []));
    if (above.length === 0) return shares;
    for (const i of above) full.add(i);
  }
}
