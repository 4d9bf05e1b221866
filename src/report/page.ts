/** The shell of a page: one file, no script, and a policy that forbids the browser to fetch anything. */
import type { FindingRecord } from "../record/index.ts";
import { html, trusted } from "./html.ts";
import type { Html, HtmlValue } from "./html.ts";
import { styles } from "./styles.ts";
import type { Verdict } from "./run/verdict.ts";

const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

export interface PageContent {
  /** Title of window and page. */
  readonly title: string;
  /** One line below the title. */
  readonly lead: string;
  readonly body: HtmlValue;
  /** Last line, about the page itself. */
  readonly footer: string;
}

/** A whole HTML document. */
export function renderPage({ title, lead, body, footer }: PageContent): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="generator" content="Coppice" />
        <title>${title}</title>
        <style>
          ${trusted(styles)}
        </style>
      </head>
      <body>
        <main>
          <header>
            <p class="brand">Coppice · unlearning report</p>
            <h1>${title}</h1>
            <p class="lead">${lead}</p>
          </header>
          ${body}
          <footer>${footer}</footer>
        </main>
      </body>
    </html> `.markup;
}

/** Whether `text` is a page that was made here: only such a one may be replaced without a question. */
export function isPage(text: string): boolean {
  return text.trimStart().startsWith("<!doctype html>") && text.includes('<p class="brand">Coppice');
}

/** The verdict, coloured by its level. */
export function verdictSection({ level, label, headline, sentences }: Verdict): Html {
  return html`<section class="verdict ${level}" aria-label="Verdict">
    <p class="label">${label}</p>
    <p class="headline">${headline}</p>
    ${sentences.map((sentence) => html`<p>${sentence}</p> `)}
  </section> `;
}

/** The warnings; nothing when there are none. */
export function notesSection(notes: readonly string[]): Html | undefined {
  if (notes.length === 0) return undefined;
  return html`<section class="notes">
    <h2>Read with care</h2>
    <ul>
      ${notes.map((note) => html`<li>${note}</li> `)}
    </ul>
  </section> `;
}

/** A chart with its caption. */
export function figure(caption: string, chart: Html, hint?: string): Html {
  return html`<figure>
    <figcaption>${caption}${hint === undefined ? undefined : html`<small>${hint}</small>`}</figcaption>
    ${chart}
  </figure> `;
}

/** Names and values side by side; what is undefined is left out. */
export function definitions(items: ReadonlyArray<readonly [string, HtmlValue]>): Html {
  return html`<dl>
    ${items
      .filter(([, value]) => value !== undefined)
      .map(
        ([name, value]) =>
          html`<dt>${name}</dt>
            <dd>${value}</dd> `,
      )}
  </dl> `;
}

const LEVELS = { reproduced: "good", "not reproduced": "bad", "not testable at this scale": "caution" } as const;

/** A published finding beside what came out, coloured by its verdict. @param name what the verdict is on, where there are several */
export function findingSection(finding: Omit<FindingRecord, "name">, name?: string): Html {
  const { claim, published, ours, verdict } = finding;
  return html`<section class="verdict ${LEVELS[verdict]}" aria-label="Finding">
    <p class="label">${name === undefined ? "" : `${name}: `}${verdict}</p>
    <p class="headline">${claim}</p>
    <p>Published: ${published}.</p>
    <p>Here: ${ours}.</p>
  </section> `;
}
