/** A search for options as a page and as a table in Markdown: what was found, against what, and how the objective goes with each option. */
import type { TuneDimension, TuneRecord, TuneTrial } from "../../record/index.ts";
import { scatterChart } from "../charts/scatter.ts";
import { duration, optionList, percentCell, plural, pointsCell, shellCommand, shortHash } from "../../format/index.ts";
import { html, type Html } from "../html.ts";
import { htmlTable } from "../html-table.ts";
import { definitions, notesSection, renderPage } from "../page.ts";
import { environmentItems } from "../provenance.ts";
import { markdownRows } from "../text-tables.ts";

const HEAD = [
  "Trial",
  "Options",
  "Epochs",
  "Objective",
  "Forgetting",
  "Membership",
  "Retained",
  "Generalisation",
  "Time",
];

/** Best first; what was cut short and what failed comes after. */
function rowsOf({ trials, original, best }: TuneRecord): string[][] {
  const rank = ({ full, objective }: TuneTrial): number =>
    objective === undefined ? 4 : (full ? 0 : 2) + objective.value;
  const rows = trials
    .toSorted((a, b) => rank(a) - rank(b))
    .map((each) => [
      each.trial === best.trial && each.full ? `${each.trial} (best)` : String(each.trial),
      optionsCell(each),
      each.epochs === undefined ? "" : `${each.epochs}${each.full ? "" : " (cut)"}`,
      ...(each.objective === undefined ? ["failed", "", "", "", ""] : objectiveCells(each.objective)),
      duration(each.seconds),
    ]);
  return [...rows, ["", "the model as it is", "", ...objectiveCells(original.objective), ""]];
}

function optionsCell({ options, error }: TuneTrial): string {
  const shown = optionList(options) || "as without a search";
  return error === undefined ? shown : `${shown}: ${error}`;
}

function objectiveCells({
  value,
  forgetting,
  membership,
  retained,
  generalisation,
}: TuneRecord["best"]["objective"]): string[] {
  return [value, forgetting, membership, retained, generalisation].map(percentCell);
}

/** All trials in percent, and the command that uses the best, unless doing nothing is better. */
export function renderTuneTable(record: TuneRecord): string {
  const { forget } = record.best;
  const next = isBetterThanNothing(record)
    ? `With the best options, on all retained images:\n\n    ${shellCommand(forget)}\n`
    : `${NOTHING_BETTER}\n`;
  return `${markdownRows(HEAD, rowsOf(record))}\n\nPercent; smaller is better. ${next}`;
}

const NOTHING_BETTER =
  "Nothing that was tried is better than leaving the model as it is. Search other ranges, or another method; Retrain always forgets.";

/** Of older records, which do not say it, by what they hold. */
function isBetterThanNothing({ betterThanNothing, best, original }: TuneRecord): boolean {
  return betterThanNothing ?? best.objective.value < original.objective.value;
}

export async function renderTuneReport(record: TuneRecord): Promise<string> {
  const { method, model, split, best, trials } = record;
  const drawn = new Set(trials.map(({ trial }) => trial)).size - 1;
  return renderPage({
    title: `Options of ${method} for ${model.name}`,
    lead: `Forgetting ${split.scenario}: ${plural(drawn, "trial")} beside the options that hold without a search`,
    body: html`${bestSection(record)} ${notesSection(record.notes)}
      <section>
        <h2>Objective over trials and options</h2>
        <p class="hint">Percent; smaller is better. Trial 0 has the options that hold without a search. Successive halving: ${record.halving.note}.</p>
        <div class="charts">${await charts(record)}</div>
      </section>
      ${trialsSection(record)} ${lookedSection(record)} ${provenanceSection(record)}`,
    footer: `Made ${record.createdAt} by ${shellCommand(record.command)}; best trial ${best.trial}`,
  });
}

function bestSection(record: TuneRecord): Html {
  const { best, trials, original } = record;
  if (!isBetterThanNothing(record)) {
    return html`<section class="verdict bad" aria-label="Best">
      <p class="label">nothing better than doing nothing</p>
      <p class="headline">${NOTHING_BETTER}</p>
      <p>
        Objective of the best trial, ${best.trial}, ${percentCell(best.objective.value)} (${optionList(best.options) || "as without a search"}); the
        model as it is ${percentCell(original.objective.value)}.
      </p>
    </section> `;
  }
  const without = trials.find(({ trial, full }) => trial === 0 && full)?.objective;
  const better = without !== undefined && best.trial !== 0;
  return html`<section class="verdict ${best.trial === 0 ? "caution" : "good"}" aria-label="Best">
    <p class="label">${best.trial === 0 ? "nothing better found" : `trial ${best.trial}`}</p>
    <p class="headline">${optionList(best.options) || "as without a search"}</p>
    <p>
      Objective ${percentCell(best.objective.value)}, ${better ? `without a search ${percentCell(without.value)}, ` : ""}the model as it is
      ${percentCell(original.objective.value)}.
    </p>
    <pre>${shellCommand(best.forget)}</pre>
  </section> `;
}

async function charts(record: TuneRecord): Promise<Html[]> {
  const found = [await chart(record, null)];
  for (const dimension of record.search) {
    if (dimension.scale !== "choice") found.push(await chart(record, dimension));
  }
  return found;
}

type Range = Exclude<TuneDimension, { readonly scale: "choice" }>;

/** The objective over an option, one kind of point for each rung; null: over the number of the trial. */
function chart({ trials, halving }: TuneRecord, over: Range | null): Promise<Html> {
  const place = ({ trial, options }: TuneTrial): number | null => {
    const value = over === null ? trial : options[over.option];
    return typeof value === "number" ? value : null;
  };
  const clouds = halving.rungs.map(({ epochs }, rung) => ({
    name: epochs === null ? "trials" : plural(epochs, "epoch"),
    points: trials.flatMap((each): [number, number][] => {
      const x = place(each);
      return each.rung === rung && each.objective !== undefined && x !== null ? [[x, each.objective.value]] : [];
    }),
  }));
  const xName = over?.option ?? "trial";
  return scatterChart(clouds, {
    title: "objective",
    xName,
    xScale: over?.scale ?? "linear",
    description: `Objective over ${xName}; the table holds the numbers.`,
  });
}

function trialsSection(record: TuneRecord): Html {
  return html`<section>
    <h2>All trials</h2>
    ${htmlTable(HEAD, rowsOf(record))}
  </section> `;
}

function lookedSection({ looked, original, trials, best }: TuneRecord): Html {
  const scores = trials.find(({ trial, full }) => trial === best.trial && full)?.scores;
  const shares = (name: keyof TuneRecord["original"]["scores"]): string => {
    const [before, after] = [original.scores[name], scores?.[name] ?? NaN];
    return `${percentCell(before)} before, ${percentCell(after)} with the best (${pointsCell(after - before)})`;
  };
  return html`<section>
    <h2>What the search looked at</h2>
    <p><strong>${looked.statement}</strong></p>
    ${definitions([
      ["Objective", looked.objective],
      ["Unseen images", looked.neverSeen],
      ["Utility", looked.withheld],
      ["Accuracy, images to forget", shares("forget")],
      ["…, unseen, their classes", shares("neverSeenForget")],
      ["…, withheld", shares("withheld")],
      ["…, unseen, classes kept", shares("neverSeen")],
      ["Classified as non-members, images to forget", shares("forgetOut")],
    ])}
  </section> `;
}

function provenanceSection({ environment, code, command, model, split, seed, budget }: TuneRecord): Html {
  const { trials, minutes, exhausted, seconds } = budget;
  const asked = [
    trials === undefined ? [] : plural(trials, "trial"),
    minutes === undefined ? [] : plural(minutes, "minute"),
  ].flat();
  return html`<section>
    <h2>Where this comes from</h2>
    ${definitions([
      ["Model", `${model.path}, ${shortHash(model.modelSha256)}`],
      ["Split", shortHash(split.hash)],
      ["Seed", String(seed)],
      ["Budget", `${asked.join(", ")}${exhausted ? "; time ran out" : ""}; used ${duration(seconds)}`],
      ["Code", shortHash(code)],
      ...environmentItems(environment),
    ])}
    <h3>To do it again</h3>
    <pre>${shellCommand(command)}</pre>
  </section> `;
}
