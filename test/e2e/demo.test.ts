/** The demo, of a few images: its grid from the first stage to the page, taken up again, and what it refuses. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeExperiment } from "../../src/cli/write-experiment.ts";
import { Experiment, type GridSpec } from "../../src/experiments/index.ts";
import { demo } from "../../src/recipes/index.ts";
import { type ExperimentRecord, experimentRecordSchema, parseRecord } from "../../src/record/index.ts";
import { quietContext } from "../../src/stages/index.ts";
import { coppice } from "../support/program.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import "../support/one-thread.ts";

/** Two epochs on few of the drawn images: done in seconds. */
function smallDemo(): GridSpec {
  const spec = demo("embedded");
  const { train } = spec;
  return {
    ...spec,
    engine: "dense",
    train: {
      ...train,
      data: { ...train.data, numTrain: 120, numTest: 40 },
      recipe: { ...train.recipe, epochs: 2 },
      rewindEpoch: 1,
    },
    rows: spec.rows.map((row) => ({ ...row, options: { ...row.options, epochs: 1 } })),
  };
}

describe("the demo", () => {
  const out = mkdtempSync(join(tmpdir(), "coppice-demo-"));
  afterAll(() => rmSync(out, { recursive: true }));
  const store = join(out, "jobs");
  const run = (): Promise<ExperimentRecord> => new Experiment(smallDemo(), { store }).run(quietContext());
  let record: ExperimentRecord;
  let page: string;
  beforeAll(async () => {
    record = await run();
    await writeExperiment(record, out);
    page = readFileSync(join(out, "report.html"), "utf8");
  });

  it("forgets a class and a tenth of the images, from a dense and from a pruned original", () => {
    expect(record.failures).toEqual([]);
    expect(record.rows.map(({ scenario, model, label }) => `${scenario} ${model} ${label}`)).toEqual(
      ["class", "random"].flatMap((scenario) => [
        ...["Original", "Retrain", "FT", "l1-sparse"].map((label) => `${scenario} dense ${label}`),
        ...["Original", "Retrain", "FT"].map((label) => `${scenario} omp95 ${label}`),
      ]),
    );
  });

  it("keeps images to be forgotten with what every model says of them", () => {
    const images = record.samples?.images ?? [];
    expect(images.map(({ scenario }) => scenario)).toEqual([...Array(6).fill("class"), ...Array(6).fill("random")]);
    for (const { answers } of images) expect(answers).toHaveLength(4 + 3);
    expect(images.slice(0, 6).map(({ label }) => label)).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it("keeps the warnings of its runs, with where they hold", () => {
    const warnings = record.warnings ?? [];
    expect(warnings.find(({ text }) => text.startsWith("Only 12 forget images"))?.scenarios).toContain("random");
    expect(warnings.find(({ text }) => text.includes("no test images"))?.scenarios).toEqual(["class"]);
  });

  it("writes a page with the headline, both tables, radars and images, which can be made again from its record", async () => {
    expect(page.indexOf("In short")).toBeLessThan(page.indexOf("Read with care"));
    expect(page.match(/class="faces"/g)).toHaveLength(2);
    expect(page.match(/class="multiples"/g)).toHaveLength(2);
    const text = readFileSync(join(out, "experiment.json"), "utf8");
    expect(parseRecord(experimentRecordSchema, text, "experiment.json")).toEqual(record);
    const again = join(out, "again.html");
    expect(await coppice(out, "report", out, "--out", again)).toMatchObject({ code: 0 });
    expect(readFileSync(again, "utf8")).toBe(page);
  });

  it("does nothing twice", async () => {
    const done = readdirSync(join(store, "done"));
    expect(done).toHaveLength(26);
    expect((await run()).rows).toEqual(record.rows);
    expect(readdirSync(join(store, "done"))).toEqual(done);
  });
});

it("is made in no folder of somebody else's, and in none of an older version", async () => {
  const folder = temporaryFolder();
  const refusal = async (file: string): Promise<string> => {
    const out = join(folder, file.replaceAll(/\W/g, "-"));
    mkdirSync(join(out, file, ".."), { recursive: true });
    writeFileSync(join(out, file), "{}");
    const ended = await coppice(folder, "demo", "--data", "embedded", "--out", out);
    expect(ended.code).toBe(1);
    expect(readdirSync(out)).toHaveLength(1);
    return ended.stderr;
  };
  expect(await refusal("a.jpg")).toMatch(/expected a new folder or one of an earlier demo, got another one/);
  expect(await refusal("jobs/a.jpg")).toMatch(/got another one/);
  expect(await refusal("suite.json")).toMatch(/got one of the demo of an older version/);
});

it("of an older version is refused by the report with what to do", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "suite.json"), JSON.stringify({ format: "coppice-suite", version: 1 }));
  const ended = await coppice(folder, "report", folder);
  expect(ended.code).toBe(1);
  expect(ended.stderr).toContain("suite.json: expected experiment.json, got the record of an older demo");
  expect(ended.stderr).toContain("make the demo again in a new folder: coppice demo --out FOLDER");
  expect(ended.stderr).not.toContain("    at ");
});
