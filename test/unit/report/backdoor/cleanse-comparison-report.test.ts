import { expect, it } from "vitest";
import { renderCleanseComparisonReport } from "../../../../src/report/index.ts";
import { compareCleanses } from "./made-up-cleanse-comparison.ts";
import { textOf } from "../markup.ts";
import { expectOffline, poisoned } from "../offline.ts";

it("shows ASR and SA over sparsity, ASR over epochs, a row for each cleanse with its run, and the trigger", async () => {
  const page = await renderCleanseComparisonReport(compareCleanses());
  expect(page.match(/<svg/g)).toHaveLength(3);
  for (const { run } of compareCleanses().cleanses) expect(page).toContain(`<code>${run.path}</code>`);
  expect(page.match(/<img/g)).toHaveLength(2);
  expect(textOf(page)).toContain("4 cleanses of 4,500 suspected images");
  expectOffline(page);
  expectOffline(await renderCleanseComparisonReport(poisoned(compareCleanses())));
});

it("draws nothing over a single sparsity, and no attack success that is not known", async () => {
  const { best: _, attack: _attack, cleanses, ...rest } = compareCleanses();
  const blind = cleanses.map(({ run, before }) => ({ run, before, trace: [] }));
  const dense = await renderCleanseComparisonReport({ ...rest, previews: [], cleanses: blind.slice(0, 2) });
  expect(dense).not.toContain("<svg");
  const both = await renderCleanseComparisonReport({ ...rest, previews: [], cleanses: blind });
  expect(both.match(/<svg/g)).toHaveLength(1);
});
