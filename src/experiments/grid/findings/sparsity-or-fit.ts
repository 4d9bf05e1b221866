import { correlation, partialCorrelation, summarize } from "../../../evaluate/statistics.ts";
import type { FindingRecord, Repetition } from "../../../record/experiment.ts";
import { defineFinding, type FindingInput, inWords, signed } from "./finding.ts";

/**
 * Is it sparsity, or how far the original has fitted? Correlations over the originals of each seed, of UA and MIA with the logarithm of
 * the original's training loss at fixed sparsity, and with sparsity at fixed training loss.
 */
export const sparsityOrFit = defineFinding({
  name: "sparsity-or-fit",
  claim: "sparsity itself, and not how far the original has fitted its images, makes it forget more",
  published: "not published: dense and sparse originals were compared at equal epochs only",
  judge: (grid) => {
    const parts = grid.scenarios.flatMap(({ id, title }) =>
      ["FT", "l1-sparse"].flatMap((label) =>
        (["UA", "MIA"] as const).map((score) => correlations(grid, { id, title, label, score })),
      ),
    );
    const found = parts.filter(({ atFixedLoss }) => atFixedLoss.length > 1);
    const intervals = found.map(({ atFixedLoss }) => summarize(atFixedLoss).interval ?? [-1, 1]);
    return {
      ours: parts.map(({ text }) => text).join("; "),
      verdict: verdictOf(intervals),
    };
  },
});

/** Every partial correlation with sparsity above zero, or one of them not above it for sure. */
function verdictOf(intervals: ReadonlyArray<readonly number[]>): FindingRecord["verdict"] {
  if (intervals.length === 0) return "not testable at this scale";
  if (intervals.every(([low = 0]) => low > 0)) return "reproduced";
  return intervals.some(([, high = 0]) => high < 0) ? "not reproduced" : "not testable at this scale";
}

interface Which {
  readonly id: string;
  readonly title: string;
  readonly label: string;
  readonly score: "UA" | "MIA";
}

function correlations(grid: FindingInput, which: Which): { readonly text: string; readonly atFixedLoss: number[] } {
  const seeds = [...new Set(grid.rows.flatMap(({ repetitions }) => repetitions.map(({ seed }) => seed)))];
  const perSeed = seeds.map((seed) => {
    const points = grid.models.flatMap(({ id, sparsity }) => {
      const row = grid.rows.find((r) => r.scenario === which.id && r.model === id && r.label === which.label);
      const found = row?.repetitions.find((repetition: Repetition) => repetition.seed === seed);
      return found === undefined
        ? []
        : [
            {
              sparse: sparsity > 0 ? 1 : 0,
              loss: Math.log(Math.max(found.originalTrainLoss, 1e-12)),
              score: found.scores[which.score],
            },
          ];
    });
    const [score, loss, sparse] = [points.map((p) => p.score), points.map((p) => p.loss), points.map((p) => p.sparse)];
    if (points.length < 4) return { plain: null, loss: null, sparse: null };
    return {
      plain: correlation(score, sparse),
      loss: partialCorrelation(score, loss, sparse),
      sparse: partialCorrelation(score, sparse, loss),
    };
  });
  const write = (values: readonly (number | null)[]): string => {
    const known = values.filter((value) => value !== null);
    return known.length === 0 ? "none" : inWords(summarize(known), (value) => signed(value, 2));
  };
  const { title, label, score } = which;
  return {
    text: `${title}, ${score} of ${label}: with being sparse ${write(perSeed.map(({ plain }) => plain))}, at fixed training loss ${write(perSeed.map(({ sparse }) => sparse))}; with log training loss at fixed sparsity ${write(perSeed.map(({ loss }) => loss))}`,
    atFixedLoss: perSeed.flatMap(({ sparse }) => sparse ?? []),
  };
}
