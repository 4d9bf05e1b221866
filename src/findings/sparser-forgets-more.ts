import { correlation, summarize } from "../statistics/statistics.ts";
import { meanWithInterval, shortPercent, signed } from "../format/index.ts";
import { type GridResults, jia } from "./grid.ts";
import { type GridFinding, rowsOf, wellFitted } from "./judge-grid.ts";
import { bySign } from "./verdict.ts";

/** The sparsest original of the claim. */
const claimedTo = 0.95;

const labels = ["FT", "GA", "FF", "IU"];

/** The originals that the claim is about: from a dense one to one of 95 %, with at least one between. */
function claimedModels({ models }: GridResults): string[] {
  const ids = models.filter(({ sparsity }) => sparsity <= claimedTo).map(({ id }) => id);
  const has = (least: number, most: number): boolean =>
    models.some(({ sparsity }) => sparsity >= least && sparsity <= most);
  return [
    ...ids,
    ...(has(0, 0) ? [] : ["dense"]),
    ...(has(claimedTo, claimedTo) ? [] : ["95 % sparse"]),
    ...(ids.length > 2 ? [] : ["one between"]),
  ];
}

/** Figure 1: unlearning over sparsity. */
export const sparserForgetsMore: GridFinding = {
  name: "sparser-forgets-more",
  claim: "from 0 to 95 % sparsity, the sparser the original, the closer approximate unlearning comes to Retrain",
  published: `Disparity Ave. of FT, GA, FF and IU falls from 0 to 95 % (${jia}, figure 1 and main table)`,
  rows: (grid) => rowsOf(grid, { kinds: ["class"], models: claimedModels(grid), labels }),
  fitted: wellFitted,
  judge: (grid) => {
    const claimed = correlations({ ...grid, models: grid.models.filter(({ sparsity }) => sparsity <= claimedTo) });
    const sparsest = Math.max(...grid.models.map(({ sparsity }) => sparsity));
    const rest =
      sparsest > claimedTo
        ? `; beyond the claim, from 0 to ${shortPercent(sparsest)} %, ${written(correlations(grid))}`
        : "";
    return {
      ours: `correlation of Disparity Ave. with −log10(share of weights left), mean over methods and scenarios, from 0 to 95 %: ${written(claimed)}${rest}`,
      verdict: bySign(claimed, -1),
    };
  },
};

function written(values: readonly number[]): string {
  return values.length === 0 ? "no values" : meanWithInterval(summarize(values), (value) => signed(value, 2));
}

/** One for each seed: the mean over the methods that have at least three originals. */
function correlations(grid: GridResults): number[] {
  return seedsOf(grid).flatMap((seed) => {
    const perMethod = labels.flatMap((label) => {
      const points = pointsOf(grid, label, seed);
      const [x, y] = [points.map(([first]) => first), points.map(([, second]) => second)];
      return points.length < 3 ? [] : (correlation(x, y) ?? []);
    });
    return perMethod.length === 0 ? [] : [summarize(perMethod).mean];
  });
}

function seedsOf({ rows }: GridResults): number[] {
  return [...new Set(rows.flatMap(({ repetitions }) => repetitions.map(({ seed }) => seed)))];
}

/** Orders of magnitude removed, and Disparity Ave. averaged over scenarios. */
function pointsOf({ rows, models, scenarios }: GridResults, label: string, seed: number): Array<[number, number]> {
  return models.flatMap(({ id, sparsity }): Array<[number, number]> => {
    const values = scenarios.flatMap((scenario) => {
      const row = rows.find((r) => r.scenario === scenario.id && r.model === id && r.label === label);
      return row?.repetitions.find((repetition) => repetition.seed === seed)?.disparity ?? [];
    });
    return values.length === 0 ? [] : [[-Math.log10(1 - sparsity), summarize(values).mean]];
  });
}
