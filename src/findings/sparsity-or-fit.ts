import { correlation, partialCorrelation, summarize, summarizeCorrelations } from "../statistics/statistics.ts";
import type { ExperimentRow } from "../record/experiment.ts";
import { meanInPoints, meanWithInterval, signed } from "../format/index.ts";
import { type GridResults } from "./grid.ts";
import { type GridFinding, rowsOf } from "./judge-grid.ts";
import { correctionNote, verdictOf, withSign } from "./verdict.ts";

const scores = ["UA", "MIA"] as const;
const labels = ["FT", "l1-sparse"];

/** Dense originals and sparse ones, of each kind at least one. */
function compared({ models }: GridResults): string[] {
  return [
    ...models.map(({ id }) => id),
    ...(models.some(({ sparsity }) => sparsity === 0) ? [] : ["dense"]),
    ...(models.some(({ sparsity }) => sparsity > 0) ? [] : ["sparse"]),
  ];
}

/** Training losses count as equal within this factor. */
const equalWithin = 1.5;

/**
 * Is it sparsity, or how far the original has fitted? Of each seed, sparse originals are set beside dense ones of equal training loss; and UA and
 * MIA are correlated, over all originals, with the logarithm of the training loss at fixed sparsity, and with sparsity at fixed training loss.
 */
export const sparsityOrFit: GridFinding = {
  name: "sparsity-or-fit",
  claim: "sparsity itself, and not how far the original has fitted its images, makes it forget more",
  published: "not published: dense and sparse originals were compared at equal epochs only",
  rows: (grid) => rowsOf(grid, { kinds: ["class"], models: compared(grid), labels }),
  fitted: null,
  judge: (grid) => {
    const parts = grid.scenarios
      .flatMap(({ id, title }) =>
        labels.flatMap((label) =>
          scores.map((score) => {
            const points = pointsOf(grid, { id, label, score });
            return { name: `${title}, ${score} of ${label}`, pairs: atEqualLoss(points), points };
          }),
        ),
      )
      .filter(({ points }) => points.length > 0);
    const ours = parts.map(({ name, pairs, points }) => {
      const equal = `sparse minus dense at equal training loss (within a factor of ${equalWithin}) ${meanInPoints(pairs.perSeed)}${pairs.count === 0 ? "" : `, ${pairs.count} pairs`}`;
      return `${name}: ${equal}; ${correlations(points)}`;
    });
    const comparisons = parts.map(({ pairs }) => ({ values: pairs.perSeed, within: withSign(1) }));
    return { ours: `${ours.join("; ")}${correctionNote(comparisons)}`, verdict: verdictOf(comparisons) };
  },
};

interface Point {
  readonly seed: number;
  readonly sparse: 0 | 1;
  /** Logarithm of the original's training loss. */
  readonly loss: number;
  readonly score: number;
}

function pointsOf(
  { models, rows }: GridResults,
  which: { readonly id: string; readonly label: string; readonly score: (typeof scores)[number] },
): Point[] {
  const isOne = ({ scenario, label }: ExperimentRow): boolean => scenario === which.id && label === which.label;
  return rows.filter(isOne).flatMap(({ model, repetitions }) => {
    const sparse = (models.find(({ id }) => id === model)?.sparsity ?? 0) > 0 ? 1 : 0;
    return repetitions.map(({ seed, originalTrainLoss, scores: found }) => ({
      seed,
      sparse,
      loss: Math.log(Math.max(originalTrainLoss, 1e-12)),
      score: found[which.score],
    }));
  });
}

function bySeed(points: readonly Point[]): Point[][] {
  return [...new Set(points.map(({ seed }) => seed))].map((seed) => points.filter((point) => point.seed === seed));
}

/** Each sparse original with the dense one of its seed that is nearest in training loss, where that is near enough: mean difference of a seed. */
function atEqualLoss(points: readonly Point[]): { readonly perSeed: number[]; readonly count: number } {
  const pairs = bySeed(points).map((own) => {
    const dense = own.filter(({ sparse }) => sparse === 0);
    return own
      .filter(({ sparse }) => sparse === 1)
      .flatMap((point) => {
        const distance = (other: Point): number => Math.abs(other.loss - point.loss);
        const nearest = dense.toSorted((a, b) => distance(a) - distance(b))[0];
        if (nearest === undefined || distance(nearest) > Math.log(equalWithin)) return [];
        return [point.score - nearest.score];
      });
  });
  const found = pairs.filter(({ length }) => length > 0);
  return { perSeed: found.map((of) => summarize(of).mean), count: found.flat().length };
}

/** Fewer originals say nothing of three quantities. */
const fewestPoints = 4;

function correlations(points: readonly Point[]): string {
  const perSeed = bySeed(points)
    .filter(({ length }) => length >= fewestPoints)
    .map((own) => {
      const [score, loss, sparse] = [own.map((p) => p.score), own.map((p) => p.loss), own.map((p) => p.sparse)];
      return {
        plain: correlation(score, sparse),
        sparse: partialCorrelation(score, sparse, loss),
        loss: partialCorrelation(score, loss, sparse),
      };
    });
  const write = (values: readonly (number | null)[]): string => {
    const known = values.filter((value) => value !== null);
    return known.length === 0 ? "none" : meanWithInterval(summarizeCorrelations(known), (value) => signed(value, 2));
  };
  return `correlation with being sparse ${write(perSeed.map(({ plain }) => plain))}, at fixed training loss ${write(perSeed.map(({ sparse }) => sparse))}; with log training loss at fixed sparsity ${write(perSeed.map(({ loss }) => loss))}`;
}
