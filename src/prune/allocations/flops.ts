/**
 * The largest scores under a budget of multiplications: as many weights as the sparsity says, where a weight that is used for many output pixels
 * needs a larger score to be kept.
 *
 *   keep i  where  s_i >= t + u c_l        sum kept = K,  sum kept c_l <= F sum c_l
 *
 * Symbols    s scores · c_l output pixels that a weight of layer l is used for · K weights to keep · F share of multiplications
 *            t threshold · u >= 0 price of a position, the smallest that meets the budget (both by bisection)
 * Source     Lagrangian relaxation of the knapsack with two constraints (Fisher, Management Science 1981); the problem is that of
 *            docs/explanation/sparse-engine.md: time goes with multiplications, not with weights
 * Reference  none known
 * Differs    every layer keeps at least a quarter of its uniform share: a layer without weights would cut the network in two
 *            (Tanaka et al., NeurIPS 2020, arXiv:2006.05467, on layer collapse)
 */
import { copyToArray, scope } from "../../torch/index.ts";
import { CoppiceError } from "../../util/errors.ts";
import { defineAllocation, keepLargest, keptCount } from "../allocation.ts";
import { checkScores } from "../global-mask.ts";

const floorOfUniform = 0.25;
const bisections = 60;

interface Layer {
  /** Ascending. */
  readonly scores: Float64Array;
  readonly outputPixels: number;
  readonly floor: number;
}

export const flops = defineAllocation({
  name: "flops",
  description: "the largest weights under a budget of multiplications (--flops)",
  source: "this project: docs/explanation/sparse-engine.md",
  mask(scores, { sparsity, flops: budget, outputPixels }) {
    checkScores(scores);
    const all = [...scores.values()].reduce((sum, { numel }) => sum + numel, 0);
    const total = keptCount(scores, sparsity);
    const layers = [...scores].map(([name, score]): Layer => {
      const sorted = scope(() => {
        const [ascending] = score.detach().to("float64").reshape([-1]).sortStable(true, 0, false);
        return copyToArray(ascending, new Float64Array(score.numel));
      });
      const floor = Math.min(score.numel, Math.ceil((floorOfUniform * total * score.numel) / all));
      return { scores: sorted, outputPixels: outputPixels.get(name) ?? 0, floor };
    });
    const share = (counts: readonly number[]): number => multiplications(layers, counts);
    const dense = share(layers.map((layer) => layer.scores.length));
    const within = (counts: readonly number[]): boolean => share(counts) <= budget * dense;
    const [free, cheapest] = [countsAt(layers, 0, total), cheapestCounts(layers, total)];
    if (within(free)) return keepLargest(scores, free);
    if (!within(cheapest)) {
      const least = (share(cheapest) / dense).toFixed(3);
      throw new CoppiceError("E_ARG", `flops: expected at least ${least} at sparsity ${sparsity}, got ${budget}`, {
        hint: "allow more multiplications, or prune more",
      });
    }
    // The price at which the budget is met: doubled until it is, then halved down.
    const scale = Math.max(...layers.map((layer) => (layer.scores.at(-1) ?? 0) - (layer.scores[0] ?? 0)), 1e-30);
    let [low, high] = [0, scale / Math.max(...layers.map((layer) => layer.outputPixels), 1)];
    let kept = countsAt(layers, high, total);
    for (let i = 0; i < bisections && !within(kept); i++) {
      [low, high] = [high, 2 * high];
      kept = countsAt(layers, high, total);
    }
    if (!within(kept)) return keepLargest(scores, cheapest);
    for (let i = 0; i < bisections; i++) {
      const middle = (low + high) / 2;
      const counts = countsAt(layers, middle, total);
      if (within(counts)) [high, kept] = [middle, counts];
      else low = middle;
    }
    return keepLargest(scores, kept);
  },
});

function multiplications(layers: readonly Layer[], counts: readonly number[]): number {
  return layers.reduce((sum, { outputPixels }, i) => sum + outputPixels * (counts[i] ?? 0), 0);
}

/** Weights of each layer, `total` in all, whose score is at least a threshold and the price of its output pixels. */
function countsAt(layers: readonly Layer[], price: number, total: number): number[] {
  const least = Math.min(...layers.map(({ scores, outputPixels }) => (scores[0] ?? 0) - price * outputPixels));
  const most = Math.max(...layers.map(({ scores, outputPixels }) => (scores.at(-1) ?? 0) - price * outputPixels));
  const at = (threshold: number): number[] =>
    layers.map(({ scores, outputPixels, floor }) =>
      Math.max(floor, scores.length - below(scores, threshold + price * outputPixels)),
    );
  const sum = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0);
  let [low, high] = [least, most + Math.max(1e-30, Math.abs(most) * 1e-9)];
  // At `low` everything is kept, at `high` only floors: the last threshold that keeps at least `total`.
  for (let i = 0; i < bisections; i++) {
    const middle = (low + high) / 2;
    if (sum(at(middle)) >= total) low = middle;
    else high = middle;
  }
  const [counts, lower] = [at(low), at(high)];
  // Equal scores at the threshold: as many of them go as are too many, the dearest layers first.
  let surplus = sum(counts) - total;
  const dearest = layers.map((layer, i) => [layer.outputPixels, i] as const).sort(([a], [b]) => b - a);
  for (const [, i] of dearest) {
    const drop = Math.max(0, Math.min(surplus, (counts[i] ?? 0) - (lower[i] ?? 0)));
    counts[i] = (counts[i] ?? 0) - drop;
    surplus -= drop;
  }
  return counts;
}

/** The fewest multiplications that `total` weights can have: floors, then the layers used for the fewest output pixels. */
function cheapestCounts(layers: readonly Layer[], total: number): number[] {
  const counts = layers.map(({ floor }) => floor);
  let rest = total - counts.reduce((a, b) => a + b, 0);
  const cheapest = layers.map((layer, i) => [layer.outputPixels, i] as const).sort(([a], [b]) => a - b);
  for (const [, i] of cheapest) {
    const more = Math.max(0, Math.min(rest, (layers[i]?.scores.length ?? 0) - (counts[i] ?? 0)));
    counts[i] = (counts[i] ?? 0) + more;
    rest -= more;
  }
  return counts;
}

/** How many of the ascending numbers are below `value`. */
function below(ascending: Float64Array, value: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
