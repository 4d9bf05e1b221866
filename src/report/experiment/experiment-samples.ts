/** The same images to be forgotten as each model of a grid sees them. */
import type { ExperimentRecord, ExperimentSamples } from "../../record/index.ts";
import { percent } from "../../format/index.ts";
import { html, type Html } from "../html.ts";
import { groupedTable, type TableCell } from "../html-table.ts";
import { className, imageElement } from "../run/samples.ts";
import type { NamedRow } from "./experiment-rows.ts";

type Image = ExperimentSamples["images"][number];

/** @param rows of one scenario @returns undefined where the record has no images of it */
export async function samplesTable(
  { samples, seeds }: ExperimentRecord,
  rows: readonly NamedRow[],
): Promise<Html | undefined> {
  const images = (samples?.images ?? []).filter(({ scenario }) => scenario === rows[0]?.scenario.id);
  if (samples === undefined || images.length === 0) return undefined;
  const { classNames } = samples;
  const models = [...new Set(rows.map(({ model }) => model))];
  const groups = models.map((model) => ({
    title: `${model.label} original`,
    rows: rows
      .filter((row) => row.model === model)
      .map((row) => [row.row.label, ...images.map((image) => answerCell(image, row, classNames))]),
  }));
  const heads = await Promise.all(images.map((image) => imageHead(image, classNames)));
  return html`<h3>Some of the images to be forgotten</h3>
    <p class="hint">
      The probability that each model gives to the true class, and below it the class it predicts where that is another.${
        seeds.length > 1 ? ` Seed ${seeds[0]}.` : ""
      }
    </p>
    ${groupedTable(["Model", ...heads], groups, { class: "faces" })}`;
}

async function imageHead({ image, id, label }: Image, classNames: readonly string[]): Promise<Html> {
  const name = className(label, classNames);
  return html`${await imageElement(image, `Forget image ${id}, of class ${name}`)}<small>${name}</small>`;
}

function answerCell({ answers, label }: Image, { model, row }: NamedRow, classNames: readonly string[]): TableCell {
  const answer = answers.find((each) => each.model === model.id && each.label === row.label);
  if (answer === undefined) return "–";
  const other =
    answer.predicted === label ? undefined : html`<small>${className(answer.predicted, classNames)}</small>`;
  return html`${percent(answer.probability)}${other}`;
}
