/** A grid of cleanses as a page. */
import type { BackdoorCell, BackdoorExperimentRecord, OptionSearchRecord } from "../../record/index.ts";
import { figuresOf } from "./backdoor-figures.ts";
import {
  HEAD,
  INTERVAL_HEAD,
  INTERVAL_RULE,
  intervalRowOf,
  rowOf,
  SEARCH_HEAD,
  searchRows,
  searchRule,
} from "./backdoor-table.ts";
import { plural, sentence, shellCommand, shortHash } from "../../format/index.ts";
import { html, type Html } from "../html.ts";
import { htmlTable } from "../html-table.ts";
import { definitions, findingSection, notesSection, renderPage } from "../page.ts";
import { environmentItems } from "../provenance.ts";

export async function renderBackdoorReport(record: BackdoorExperimentRecord): Promise<string> {
  const { title, preset, seeds, name, findings, remarks, searches, cells } = record;
  const { notes, environment, code, command, failures } = record;
  const attacks = [...new Set(cells.map(({ attack }) => attack))];
  const sections: Html[] = [];
  for (const attack of attacks)
    sections.push(
      await attackSection(
        attack,
        cells.filter((cell) => cell.attack === attack),
        remarks.filter((remark) => remark.attack === attack),
      ),
    );
  return renderPage({
    title,
    lead: `Recipe ${name}, preset ${preset}, ${plural(seeds.length, "seed")}`,
    body: html`${findings.map((finding) => findingSection(finding, finding.attack))}
    ${notesSection([...failures.map((failure) => `failed: ${failure.title}: ${failure.message}`), ...notes])} ${sections} ${searchSection(searches)}
      <section>
        <h2>Where this comes from</h2>
        ${definitions([...environmentItems(environment), ["Code", shortHash(code)]])}
        <pre>${shellCommand(command)}</pre>
      </section>`,
    footer: `Made ${record.createdAt}`,
  });
}

async function attackSection(
  attack: string,
  cells: readonly BackdoorCell[],
  remarks: BackdoorExperimentRecord["remarks"],
): Promise<Html> {
  return html`<section>
    <h2>${attack}</h2>
    <ul class="remarks">
      ${remarks.map(({ text }) => html`<li>${sentence(text)}</li> `)}
    </ul>
    <p class="hint">
      Percent, mean ± standard deviation over seeds. ASR, without the target class: triggered test images of other classes classified as the target; reference: of all test images, as published. SA: accuracy on clean test
      images.
    </p>
    <div class="charts">
      ${await figuresOf(attack, cells)}
    </div>
    ${htmlTable(
      HEAD.slice(1),
      cells.map((cell) => rowOf(cell).slice(1)),
      { class: "wide" },
    )}
    <h3>95 % intervals</h3>
    <p class="hint">${INTERVAL_RULE}</p>
    ${htmlTable(
      INTERVAL_HEAD.slice(1),
      cells.map((cell) => intervalRowOf(cell).slice(1)),
      { class: "wide" },
    )}
  </section> `;
}

function searchSection(searches: readonly OptionSearchRecord[]): Html | undefined {
  if (searches.length === 0) return undefined;
  return html`<section>
    <h2>Options, chosen on clean held-out images</h2>
    <p class="hint">${searchRule(searches)}</p>
    ${htmlTable(SEARCH_HEAD, searchRows(searches), { class: "wide" })}
  </section> `;
}
