import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { reportCommand } from "../../../../src/cli/commands/report.ts";
import { printedBy } from "../../../support/command-line.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";
import { cleanseRecord } from "../../report/backdoor/made-up-cleanse.ts";
import { compareCleanses } from "../../report/backdoor/made-up-cleanse-comparison.ts";
import { madeUpExperiment } from "../../report/experiment/made-up-experiment.ts";
import { runRecord } from "../../report/made-up-records.ts";
import { madeUpTransfer } from "../../report/transfer/made-up-transfer.ts";

/** A folder that holds these records, and what the command says of it. */
async function reportOf(
  records: Readonly<Record<string, object>>,
  ...args: string[]
): Promise<{ folder: string; out: string }> {
  const folder = join(temporaryFolder(), "run");
  mkdirSync(folder);
  for (const [name, record] of Object.entries(records)) writeFileSync(join(folder, name), JSON.stringify(record));
  const { out } = await printedBy(() => reportCommand().parseAsync([folder, ...args], { from: "user" }));
  return { folder, out };
}

describe("coppice report", () => {
  it.each<[string, object, string]>([
    ["experiment.json", madeUpExperiment(), "Main &lt;table&gt;"],
    ["cleanse-comparison.json", compareCleanses(), "finetune"],
    ["transfer.json", madeUpTransfer, "transfer"],
  ])("writes the page of %s", async (name, record, said) => {
    const { folder, out } = await reportOf({ [name]: record });
    expect(out).toBe(`${join(folder, "report.html")}\n`);
    expect(readFileSync(join(folder, "report.html"), "utf8")).toContain(said);
  });

  it("writes where it is told to", async () => {
    const file = join(temporaryFolder(), "page.html");
    const { out } = await reportOf({ "transfer.json": madeUpTransfer }, "--out", file);
    expect(out).toBe(`${file}\n`);
    expect(readFileSync(file, "utf8")).toContain("<!doctype html>");
  });

  it("writes of a cleanse what became of the backdoor", async () => {
    const cleanse = cleanseRecord([0.99, 0.04], [0.94, 0.93]);
    const run = runRecord();
    const result = run.result && { ...run.result, modelSha256: cleanse.run.modelSha256 };
    const { folder, out } = await reportOf({ "run.json": { ...run, result }, "cleanse.json": cleanse });
    expect(out).toBe(`${join(folder, "cleanse.html")}\n`);
    expect(readFileSync(join(folder, "cleanse.html"), "utf8")).toContain("ASR, without the target class");
  });

  it("shows no record beside a model that it does not speak of", async () => {
    const cleanse = cleanseRecord([0.99, 0.04], [0.94, 0.93]);
    await expect(reportOf({ "run.json": runRecord(), "cleanse.json": cleanse })).rejects.toThrow(
      /cleanse\.json: expected the record of the model beside it, SHA-256 [0-9a-f]{64}, got one of [0-9a-f]{64}$/,
    );
  });

  it("replaces pages alone, and no file of a run", async () => {
    const file = join(temporaryFolder(), "thesis.html");
    writeFileSync(file, "<!doctype html><p>mine");
    await expect(reportOf({ "transfer.json": madeUpTransfer }, "--out", file)).rejects.toThrow(
      `${file}: expected a page to replace, got a file that Coppice did not write`,
    );
    expect(readFileSync(file, "utf8")).toBe("<!doctype html><p>mine");
    const folder = temporaryFolder();
    writeFileSync(join(folder, "run.json"), "{}");
    for (const name of ["run.json", "model.safetensors", "checkpoint.safetensors"]) {
      await expect(reportOf({ "transfer.json": madeUpTransfer }, "--out", join(folder, name))).rejects.toThrow(
        /expected a page beside the files of a run, got one that a run has or will have/,
      );
    }
    expect(readdirSync(folder)).toEqual(["run.json"]);
  });

  it("refuses a folder of the demo of an older version, and says what to do", async () => {
    const refused = reportOf({ "suite.json": { format: "coppice-suite", version: 1 } });
    await expect(refused).rejects.toThrow(/suite\.json: expected experiment\.json, got the record of an older demo/);
    await expect(refused).rejects.toMatchObject({
      hint: expect.stringContaining("coppice demo --out FOLDER") as string,
    });
  });

  it("refuses a folder that holds no record", async () => {
    await expect(reportOf({})).rejects.toThrow(/expected a run folder/);
  });
});
