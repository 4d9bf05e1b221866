import { correlation, summarize } from "../../../evaluate/statistics.ts";
import { bySign, defineFinding, type FindingInput, inWords, jia, signed } from "./finding.ts";

/** Figure 1: unlearning over sparsity. */
export const sparserForgetsMore = defineFinding({
  name: "sparser-forgets-more",
  claim: "the sparser the original, the closer approximate unlearning comes to Retrain",
  published: `Disparity Ave. of FT, GA, FF and IU falls from 0 to 95 % (${jia}, figure 1 and main table)`,
  judge: (grid) => {
    const correlations = seedsOf(grid).flatMap((seed) => {
      const perMethod = ["FT", "GA", "FF", "IU"].flatMap((label) => {
        const points = pointsOf(grid, label, seed);
        const r =
          points.length < 3
            ? null
            : correlation(
                points.map(([x]) => x),
                points.map(([, y]) => y),
              );
        return r === null ? [] : [r];
      });
      return perMethod.length === 0 ? [] : [summarize(perMethod).mean];
    });
    if (correlations.length === 0) return { ours: "no values", verdict: "not testable at this scale" };
    const write = (value: number): string => signed(value, 2);
    return {
      ours: `correlation of Disparity Ave. with −log10(share of weights left), mean over methods and scenarios: ${inWords(summarize(correlations), write)}`,
      verdict: bySign(correlations, -1),
    };
  },
});

function seedsOf({ rows }: FindingInput): number[] {
  return [...new Set(rows.flatMap(({ repetitions }) => repetitions.map(({ seed }) => seed)))];
}

/** Orders of magnitude removed, and Disparity Ave. averaged over scenarios. */
function pointsOf({ rows, models, scenarios }: FindingInput, label: string, seed: number): Array<[number, number]> {
  return models.flatMap(({ id, sparsity }): Array<[number, number]> => {
    const values = scenarios.flatMap((scenario) => {
      const row = rows.find((r) => r.scenario === scenario.id && r.model === id && r.label === label);
      return row?.repetitions.find((repetition) => repetition.seed === seed)?.disparity ?? [];
    });
    return values.length === 0 ? [] : [[-Math.log10(1 - sparsity), summarize(values).mean]];
  });
}
