import { expect, it } from "vitest";
import { printEvaluation } from "../../../src/cli/print-evaluation.ts";
import { printedBy } from "../../support/command-line.ts";
import { evaluationRecord } from "../report/made-up-records.ts";

const rowsOf = async (...args: Parameters<typeof printEvaluation>): Promise<string[]> =>
  (await printedBy(() => printEvaluation(...args))).out.split("\n").map((line) => line.replaceAll(/ +/g, " "));

it("has a row for every metric, with interval, count and gap to Retrain", async () => {
  const rows = await rowsOf({ ...evaluationRecord({ sparsity: 0.95 }), disparityInterval: [0.1, 0.2] });
  expect(rows).toContainEqual(
    expect.stringMatching(/^│ UA │ 0\.2253 │ 0\.\d{4} to 0\.\d{4} │ 4500 │ 0\.7747 │ 0\.0004 │$/),
  );
  expect(rows).toContainEqual(expect.stringMatching(/^│ MIA confidence \(score\) │ 0\.7500 .*│ 0\.2500 │ 0\.0464 │$/));
  expect(rows).toContainEqual("│ RTE │ 151.0 s │ │ │ │ │");
  expect(rows).toContainEqual("│ RTE if dense │ about 755.0 s │ │ │ │ │");
  expect(rows).toContainEqual(expect.stringMatching(/^│ Disparity Ave\. │ 0\.\d{4} │ 0\.1000 to 0\.2000 │/));
});

it("has no gaps without Retrain", async () => {
  const rows = await rowsOf(evaluationRecord({ oracle: undefined, before: undefined }));
  expect(rows).toContainEqual(expect.stringMatching(/^│ TA │ 0\.9431 │ .* │ 9000 │ │$/));
  expect(rows.join("\n")).not.toContain("Disparity");
});

it("has Disparity Ave. of the model before too", async () => {
  const record = evaluationRecord();
  const before = record.before && { ...record.before, disparityAverage: 0.481 };
  const rows = await rowsOf({ ...record, ...(before === undefined ? {} : { before }) });
  expect(rows).toContainEqual(expect.stringMatching(/^│ Disparity Ave\. │ 0\.2578 │ │ │ │ 0\.4810 │$/));
});

it("has the rows that are left where the images to forget are gone", async () => {
  const {
    oracle: _oracle,
    before: _before,
    disparityAverage: _disparity,
    ...record
  } = evaluationRecord({ oracle: undefined });
  const { RA, TA, RTE } = record.metrics;
  const rows = (await rowsOf({ ...record, metrics: { RA, TA, RTE } })).filter((row) => /^│ [A-Z]/.test(row));
  expect(rows.map((row) => row.split(" ")[1])).toEqual(["RA", "TA", "RTE"]);
});
