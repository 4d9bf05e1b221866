import { describe, expect, it } from "vitest";
import { printCleanse, printCleanseComparison } from "../../../src/cli/print-cleanse.ts";
import { printedBy } from "../../support/command-line.ts";
import { compareCleanses } from "../report/backdoor/made-up-cleanse-comparison.ts";
import { cleanseRecord } from "../report/backdoor/made-up-cleanse.ts";

const cleaned = (text: string): string => text.replaceAll(/ +/g, " ");

describe("the table of a cleanse", () => {
  it("has each score before and after, and how good the suspects were", async () => {
    const record = cleanseRecord([0.99, 0.04], [0.94, 0.93]);
    const text = cleaned((await printedBy(() => printCleanse(record))).out);
    expect(text).toMatch(
      /ASR, without the target class │ 0\.9900 │ 0\.\d+ to 0\.\d+ │ 0\.0400 │ 0\.\d+ to 0\.\d+ │ 9000/,
    );
    expect(text).toMatch(/SA, clean accuracy │ 0\.9400 .*│ 0\.9300 .*│ 10000/);
    expect(text).toContain("precision of the suspects");
    expect(text).toContain(`recall: ${record.suspects?.truth?.found} of the poisoned`);
  });

  it("leaves out what was not measured", async () => {
    const { DER: _DER, suspects: _suspects, ...record } = cleanseRecord([0.99, 0.04], [0.94, 0.93]);
    const { SA } = record.run.metrics;
    const blind = { ...record, run: { ...record.run, metrics: { SA } } };
    const text = cleaned((await printedBy(() => printCleanse(blind))).out);
    expect(text).toContain("SA, clean accuracy");
    expect(text).not.toMatch(/ASR|DER|recall/);
  });
});

it("a comparison has a line for each cleanse, empty where nothing was measured", async () => {
  const record = compareCleanses();
  const [first, ...others] = record.cleanses;
  if (first === undefined) throw new TypeError("no cleanses were made up");
  const { SA } = first.run.metrics;
  const { DER: _DER, ...rest } = { ...first, run: { ...first.run, metrics: { SA } } };
  const { out } = await printedBy(() => printCleanseComparison({ ...record, cleanses: [rest, ...others] }));
  const rows = cleaned(out).split("\n");
  expect(rows).toContainEqual(
    expect.stringMatching(/^│ 0\.000 │ finetune │ 0\.9900 │ │ │ 0\.9400 │ 0\.9300 │ [^│]+ │ │ │ 1590 │$/),
  );
  expect(rows).toContainEqual(expect.stringMatching(/^│ 0\.900 │ l1-sparse │ 0\.9900 │ 0\.0300 │/));
  expect(out).toContain("* without images of the target class");
});
