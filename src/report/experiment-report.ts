/** A grid as a page. */
import type { ExperimentRecord } from "../record/index.ts";
import { html } from "./html.ts";
import { renderPage } from "./page.ts";

export async function renderExperimentReport(record: ExperimentRecord): Promise<string> {
  return renderPage({ title: record.title, lead: record.preset, body: html``, footer: record.createdAt });
}
