/** The pages' style sheet. Colours carry meaning: green is the model, orange is Retrain, grey is what was before. */
export const styles = `
:root {
  color-scheme: light dark;
  --paper: #fcfbf8; --card: #ffffff; --ink: #1d2320; --muted: #5c6660; --rule: #dcdfd8; --track: #eceee8;
  --model: #1f7a55; --oracle: #b8560b; --before: #8b948f; --alarm: #b3372f; --blue: #2b6cb0; --violet: #7b4fa6; --gold: #a8871c;
  --good-wash: #e8f3ec; --caution-wash: #fbf1e2; --bad-wash: #fae9e6; --neutral-wash: #eff1ee;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #141816; --card: #1b201d; --ink: #e6eae6; --muted: #9aa59f; --rule: #333b36; --track: #272e2a;
    --model: #55bd8d; --oracle: #f09a52; --before: #7d8882; --alarm: #ef8077; --blue: #6aa7e0; --violet: #b593dc; --gold: #d8ba55;
    --good-wash: #1b2f25; --caution-wash: #33291a; --bad-wash: #371f1d; --neutral-wash: #222825;
  }
}
@media print {
  :root {
    color-scheme: light;
    --paper: #fff; --card: #fff; --ink: #000; --muted: #444; --rule: #ccc; --track: #eee;
    --model: #1f7a55; --oracle: #b8560b; --before: #888; --alarm: #b3372f; --blue: #2b6cb0; --violet: #7b4fa6; --gold: #a8871c;
    --good-wash: #fff; --caution-wash: #fff; --bad-wash: #fff; --neutral-wash: #fff;
  }
  body { font-size: 10.5pt; }
  main { max-width: none; padding: 0; }
  figure, tr, .sample, .verdict { break-inside: avoid; }
  h2 { break-after: avoid; }
  details::details-content { content-visibility: visible; height: auto; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; overflow-wrap: break-word; }
main { max-width: 1040px; margin: 0 auto; padding: 40px 24px 64px; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 4px 0 6px; letter-spacing: -0.01em; text-wrap: balance; }
h2 { font-size: 1.2rem; margin: 48px 0 4px; }
h3 { font-size: 1rem; margin: 28px 0 8px; }
p { margin: 8px 0; max-width: 74ch; }
.brand { margin: 0; color: var(--model); font-weight: 600; font-size: 0.85rem; letter-spacing: 0.04em; }
.lead, .hint { color: var(--muted); }
.lead { margin: 0; }
.hint { font-size: 0.875rem; margin: 0 0 16px; }
.verdict { margin: 24px 0 0; padding: 18px 22px; border-left: 4px solid var(--before); border-radius: 4px; background: var(--neutral-wash); }
.verdict.good { border-color: var(--model); background: var(--good-wash); }
.verdict.caution { border-color: var(--oracle); background: var(--caution-wash); }
.verdict.bad { border-color: var(--alarm); background: var(--bad-wash); }
.verdict .label { margin: 0; font-size: 0.85rem; font-weight: 600; color: var(--muted); }
.verdict.good .label { color: var(--model); }
.verdict.caution .label { color: var(--oracle); }
.verdict.bad .label { color: var(--alarm); }
.verdict .headline { margin: 4px 0 10px; font-size: 1.2rem; line-height: 1.4; font-weight: 600; text-wrap: pretty; }
.verdict .label::first-letter, .verdict .headline::first-letter { text-transform: uppercase; }
.verdict .headline:last-child, .verdict p:last-child { margin-bottom: 0; }
.notes { margin: 16px 0 0; padding: 14px 22px; border: 1px solid var(--rule); border-radius: 4px; }
.notes h2 { font-size: 1rem; margin: 0; }
.notes ul, .remarks { margin: 6px 0 0; padding-left: 20px; }
.notes li, .remarks li { margin: 4px 0; max-width: 74ch; }
.scroll { overflow-x: auto; }
table { border-collapse: separate; border-spacing: 0; width: 100%; font-size: 0.925rem; }
caption { text-align: left; color: var(--muted); font-size: 0.875rem; padding-bottom: 8px; }
th, td { padding: 9px 10px; border-bottom: 1px solid var(--rule); text-align: right; vertical-align: top; font-variant-numeric: tabular-nums; }
th { font-weight: 600; }
thead th { color: var(--muted); font-size: 0.8125rem; vertical-align: bottom; white-space: nowrap; }
tr > :first-child { text-align: left; padding-left: 0; }
tr > .text { text-align: left; }
tr > :last-child { padding-right: 0; }
td small, th small { display: block; color: var(--muted); font-weight: 400; font-size: 0.8125rem; line-height: 1.4; }
tr.group th { padding-top: 22px; border-bottom-color: var(--muted); text-align: left; }
tr.retrain > * { color: var(--oracle); }
td strong { font-weight: 650; }
.differs { color: var(--alarm); font-weight: 600; }
td small.differs { color: var(--alarm); }
tr > .position { width: 180px; text-align: left; }
thead + tbody td { white-space: nowrap; }
td.position svg { width: 170px; height: 26px; display: block; }
.key { display: flex; flex-wrap: wrap; gap: 4px 18px; color: var(--muted); font-size: 0.8125rem; margin: 10px 0 0; }
.key svg { width: 14px; height: 14px; vertical-align: -2px; margin-right: 6px; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 400px), 1fr)); gap: 24px 40px; align-items: start; }
figure { margin: 16px 0 0; }
figure svg { width: 100%; height: auto; display: block; }
figcaption { font-weight: 600; font-size: 0.925rem; margin-bottom: 4px; }
figcaption small { display: block; font-weight: 400; color: var(--muted); font-size: 0.8125rem; }
.multiples { display: grid; grid-template-columns: repeat(auto-fill, minmax(190px, 1fr)); gap: 12px 20px; }
.multiples figure { margin: 0; }
.multiples figcaption { text-align: center; margin: 0; overflow-wrap: anywhere; }
.samples { display: grid; grid-template-columns: repeat(auto-fill, minmax(220px, 1fr)); gap: 14px 24px; list-style: none; margin: 0; padding: 0; }
.samples.pairs { grid-template-columns: repeat(auto-fill, minmax(300px, 1fr)); }
.sample { display: flex; gap: 12px; align-items: flex-start; font-size: 0.8125rem; line-height: 1.4; }
.sample img { width: 72px; height: 72px; flex: none; image-rendering: pixelated; border-radius: 3px; background: var(--track); outline: 1px solid var(--muted); }
.sample div { flex: 1; min-width: 0; overflow-wrap: anywhere; }
.sample b { font-size: 0.875rem; }
.bar { display: flex; align-items: center; gap: 8px; font-variant-numeric: tabular-nums; }
.bar i { flex: 1; height: 6px; border-radius: 2px; background: linear-gradient(to right, var(--bar) var(--share), var(--track) var(--share)); print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.bar span { width: 4.4em; text-align: right; }
.before { --bar: var(--before); }
.after { --bar: var(--model); }
tr.published > * { color: var(--muted); font-style: italic; padding-top: 3px; }
td.words { text-align: left; min-width: 16em; }
.wide th, .wide td { white-space: nowrap; }
.wide th[scope="row"] { position: sticky; left: 0; background: var(--paper); }
.faces th img { width: 44px; height: 44px; image-rendering: pixelated; display: inline-block; border-radius: 3px; }
.faces { table-layout: fixed; min-width: 560px; }
.faces th, .faces td { padding: 5px 6px; font-size: 0.8125rem; }
.faces tr > :first-child { padding-left: 0; }
abbr { text-decoration: underline dotted; text-underline-offset: 3px; cursor: help; }
dl { display: grid; grid-template-columns: minmax(130px, 210px) 1fr; gap: 6px 20px; margin: 12px 0; font-size: 0.925rem; }
dt { color: var(--muted); }
dd { margin: 0; overflow-wrap: anywhere; }
code, pre { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 0.85em; }
pre { margin: 8px 0; padding: 10px 14px; background: var(--neutral-wash); border-radius: 4px; white-space: pre-wrap; overflow-wrap: anywhere; }
details { margin: 10px 0; border-bottom: 1px solid var(--rule); padding-bottom: 10px; }
summary { cursor: pointer; font-weight: 600; font-size: 0.925rem; }
summary small { color: var(--muted); font-weight: 400; }
footer { margin-top: 56px; padding-top: 14px; border-top: 1px solid var(--rule); color: var(--muted); font-size: 0.8125rem; }
@media (max-width: 640px) {
  body { font-size: 15px; }
  main { padding: 24px 16px 48px; }
  h1 { font-size: 1.4rem; }
  .verdict { padding: 14px 16px; }
  .verdict .headline { font-size: 1.08rem; }
  .position, .meaning { display: none; }
  thead + tbody td { white-space: normal; }
  .wide thead + tbody td { white-space: nowrap; }
  th, td { padding: 8px 5px; }
  .multiples { grid-template-columns: repeat(2, 1fr); }
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: 8px; }
}
`;
