/** The same forget images as each model sees them: the probability of the true class, model by model. */
import { percent } from "../../format/index.ts";
import { html } from "../html.ts";
import type { Html } from "../html.ts";
import { className, imageElement } from "../run/samples.ts";
import type { SuiteGroup } from "./suite-rows.ts";

const SHOWN_IMAGES = 6;

/** The tables, one per original; nothing when no evaluation kept images. */
export async function comparedSamples(
  groups: readonly SuiteGroup[],
  classNames: readonly string[],
): Promise<Html | undefined> {
  const tables: Html[] = [];
  for (const group of groups) tables.push(...(await groupTable(group, classNames)));
  if (tables.length === 0) return undefined;
  return html`<h3>Some of the images to be forgotten</h3>
    <p class="hint">The probability each model gives to the true class.</p>
    <div class="charts">${tables}</div> `;
}

async function groupTable({ original, rows }: SuiteGroup, classNames: readonly string[]): Promise<Html[]> {
  const models = rows.filter(({ evaluation }) => evaluation.samples.length > 0);
  const samples = (models[0]?.evaluation.samples ?? []).slice(0, SHOWN_IMAGES);
  if (samples.length === 0) return [];
  const faces = await Promise.all(
    samples.map(async ({ image, label, id }) => {
      const name = className(label, classNames);
      return html`<th scope="col">
        ${await imageElement(image, `Forget image ${id}, of class ${name}`)}<small>${name}</small>
      </th>`;
    }),
  );
  const before = samples.map(({ probabilityBefore }) => probabilityBefore);
  const lines = [
    ...(before.some((value) => value !== undefined) ? [{ label: "before", values: before }] : []),
    ...models.map(({ label, evaluation }) => ({
      label,
      values: samples.map(({ index }) => evaluation.samples.find((other) => other.index === index)?.probabilityAfter),
    })),
  ];
  return [
    html`<div class="scroll">
      <table class="faces">
        <caption>
          ${original} original
        </caption>
        <thead>
          <tr>
            <td></td>
            ${faces}
          </tr>
        </thead>
        <tbody>
          ${lines.map(
            ({ label, values }) =>
              html`<tr>
                <th scope="row">${label}</th>
                ${values.map((value) => html`<td>${value === undefined ? "–" : percent(value)}</td>`)}
              </tr> `,
          )}
        </tbody>
      </table>
    </div> `,
  ];
}
