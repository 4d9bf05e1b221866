/** A grid at a glance, for a terminal: a Markdown table for each scenario, scores with their gaps beside times. */
import type { ExperimentRecord } from "../../record/index.ts";
import { duration, percentCell } from "../../format/index.ts";
import { mean } from "../../util/lists.ts";
import { markdownTable } from "../text-tables.ts";
import { meanCell, type NamedRow, namedRows, retrainOf, scoreCell, scoreNames } from "./experiment-rows.ts";

const HEAD = ["Original", "Method", ...scoreNames, "Disparity Ave.", "RTE", "of Retrain"];

/** Percent, in brackets the gap to Retrain from the same original in points; of run times the share of Retrain's in percent. */
export function renderOverview(record: ExperimentRecord): string {
  const rows = namedRows(record);
  const tables = record.scenarios.map(({ id, title }) =>
    markdownTable(
      title,
      HEAD,
      rows.filter(({ scenario }) => scenario.id === id).map((row) => overviewRow(row, rows)),
    ),
  );
  return `${tables.join("\n\n")}\n`;
}

function overviewRow(named: NamedRow, rows: readonly NamedRow[]): string[] {
  const { model, row } = named;
  const disparity = row.summary?.disparity;
  const retrain = retrainOf(named, rows);
  const share = retrain === undefined ? NaN : mean(row.seconds) / mean(retrain.row.seconds);
  return [
    model.label,
    row.label,
    ...scoreNames.map((score) => scoreCell(row, score)),
    disparity === undefined ? "" : meanCell(disparity),
    duration(mean(row.seconds)),
    row.method === "original" || Number.isNaN(share) ? "" : percentCell(share),
  ];
}
