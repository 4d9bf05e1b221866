/** Images to be forgotten with what each model of a grid says of them, for people to look at. */
import type { JobStore } from "../../jobs/job-store.ts";
import type { EvaluationRecord, ExperimentSamples } from "../../record/index.ts";
import type { Cell } from "./expand.ts";
import { evaluationOf, finishedCells, originalOf } from "./finished.ts";
import type { GridSpec } from "./spec.ts";

const imagesPerScenario = 6;

/** Of the first seed: in each scenario some images of its first model, and what all models say that were asked about the same ones. */
export function collectSamples(spec: GridSpec, cells: readonly Cell[], store: JobStore): ExperimentSamples {
  const shown = finishedCells(cells, store).filter(({ seed }) => seed === spec.seeds[0]);
  const [first] = shown;
  return {
    classNames: first === undefined ? [] : [...originalOf(first, store).data.classNames],
    images: spec.scenarios.flatMap(({ id }) =>
      imagesOf(
        id,
        shown
          .filter(({ scenario }) => scenario.id === id)
          .map((cell) => ({ cell, samples: evaluationOf(cell, store).samples })),
      ),
    ),
  };
}

interface Asked {
  readonly cell: Cell;
  readonly samples: EvaluationRecord["samples"];
}

function imagesOf(scenario: string, asked: readonly Asked[]): ExperimentSamples["images"] {
  return (asked[0]?.samples ?? []).slice(0, imagesPerScenario).map(({ index, id, label, image }) => ({
    scenario,
    index,
    id,
    label,
    image,
    answers: asked.flatMap(({ cell, samples }) => {
      const same = samples.find((sample) => sample.index === index && sample.image.data === image.data);
      if (same === undefined) return [];
      const { probabilityAfter: probability, predictedAfter: predicted } = same;
      return [{ model: cell.model.id, label: cell.label, probability, predicted }];
    }),
  }));
}
