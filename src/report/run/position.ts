/** Where a score lies between 0 and 100 %: the model with its interval, the original, and Retrain, on one line. */
import type { Metric } from "../../record/index.ts";
import { html } from "../html.ts";
import type { Html } from "../html.ts";

/** One metric of the model, with the same metric of the original and of Retrain where they are known. */
export interface Triple {
  readonly model: Metric;
  readonly before: Metric | undefined;
  readonly oracle: Metric | undefined;
}

const WIDTH = 180;
const MARGIN = 8;
const MIDDLE = 13;

/** The drawing; hidden from screen readers, since the cells beside it hold the numbers. */
export function positionChart({ model, before, oracle }: Triple): Html {
  const [low, high] = model.interval.map(place) as [number, number];
  return html`<svg viewBox="0 0 ${WIDTH} 26" aria-hidden="true">
    <path d="M${MARGIN} ${MIDDLE}H${WIDTH - MARGIN}" stroke="var(--rule)" stroke-width="2" />
    <path d="M${low} ${MIDDLE}H${high}" stroke="var(--model)" stroke-width="5" opacity="0.35" />
    ${before && beforeMark(place(before.value), MIDDLE)}${oracle && oracleMark(place(oracle.value), MIDDLE)}${modelMark(place(model.value), MIDDLE)}
  </svg>`;
}

/** What the marks mean. */
export function markerKey(before: boolean, oracle: boolean): Html {
  const entry = (mark: Html, text: string): Html =>
    html`<span><svg viewBox="0 0 14 14" aria-hidden="true">${mark}</svg>${text}</span>`;
  return html`<p class="key position">
    ${entry(modelMark(7, 7), "model, with its interval")}${oracle ? entry(oracleMark(7, 7), "Retrain") : undefined}${before ? entry(beforeMark(7, 7), "before forgetting") : undefined}
  </p>`;
}

function place(value: number): number {
  return Number((MARGIN + value * (WIDTH - 2 * MARGIN)).toFixed(1));
}

function modelMark(x: number, y: number): Html {
  return html`<circle cx="${x}" cy="${y}" r="4.5" fill="var(--model)" />`;
}

function beforeMark(x: number, y: number): Html {
  return html`<circle cx="${x}" cy="${y}" r="4.5" fill="var(--paper)" stroke="var(--before)" stroke-width="2" />`;
}

function oracleMark(x: number, y: number): Html {
  return html`<path d="M${x} ${y - 7}l6 7l-6 7l-6 -7z" fill="none" stroke="var(--oracle)" stroke-width="2" />`;
}
