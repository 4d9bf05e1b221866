import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { EvaluateConfig, ForgetConfig } from "../../../src/record/index.ts";
import { DataContext, evaluateStage, forgetStage, quietContext, RunFolder } from "../../../src/stages/index.ts";
import type { CoppiceError } from "../../../src/util/errors.ts";
import { rejectionOf } from "../../support/rejection.ts";
import { folderOfRuns, pruneTiny, tinyForgetting, tinyTraining, trainTiny } from "../../support/tiny-runs.ts";

const runs = folderOfRuns();
const at = (name: string): string => join(runs, name);
const said: string[] = [];
const context = quietContext({ data: new DataContext(), log: (message) => void said.push(message) });
const retraining = (model: string): ForgetConfig => ({
  ...tinyForgetting(model),
  method: "retrain",
  options: { epochs: 1 },
});
const settings = { data: { allowUnverified: false }, device: "cpu", engine: "dense" } as const;

beforeAll(async () => {
  await trainTiny(at("original"));
  await pruneTiny(at("original"), at("pruned"));
  // Trained on the same images by another recipe, so that only the original differs.
  await trainTiny(at("other"), { recipe: { ...tinyTraining.recipe, epochs: 1 } });
  await forgetStage(tinyForgetting(at("original")), at("forgotten"), context);
  await forgetStage(tinyForgetting(at("pruned")), at("sparse"), context);
  await forgetStage(retraining(at("original")), at("retrain"), context);
  await forgetStage(retraining(at("other")), at("stranger"), context);
});

/** Of `coppice evaluate`, that it refuses before it has computed anything. */
async function refusalOf(change: Partial<EvaluateConfig>): Promise<CoppiceError> {
  said.length = 0;
  const error = await rejectionOf(evaluateStage({ ...settings, model: at("forgotten"), ...change }, context));
  expect(said.filter((line) => line.startsWith("evaluating"))).toEqual([]);
  expect(RunFolder.open(at("forgotten")).has("evaluation")).toBe(false);
  return error;
}

describe("an oracle is refused at once", () => {
  it("where it is no Retrain", async () => {
    expect((await refusalOf({ oracle: at("original") })).message).toMatch(/method retrain as oracle, got train$/);
  });

  it("where it is not finished, or not there", async () => {
    const folder = RunFolder.open(at("retrain"));
    const record = folder.readRecord();
    const { result: _result, ...unfinished } = record;
    folder.writeRecord({ ...unfinished, status: "interrupted" });
    expect((await refusalOf({ oracle: at("retrain") })).message).toBe(
      `${at("retrain")}: expected a finished run, got one that is interrupted`,
    );
    folder.writeRecord(record);
    expect((await refusalOf({ oracle: at("nowhere") })).code).toBe("E_CHECKPOINT");
  });

  it("where it forgot something else", async () => {
    const request = { kind: "class", classes: [0] } as const;
    await forgetStage({ ...retraining(at("original")), request }, at("elsewhere"), context);
    expect(await refusalOf({ oracle: at("elsewhere") })).toMatchObject({ code: "E_CONFIG" });
  });

  it("where it is the Retrain of another original of the same split", async () => {
    const hash = RunFolder.open(at("original")).requireFinished().result.modelSha256.slice(0, 12);
    const error = await refusalOf({ oracle: at("stranger") });
    expect(error.code).toBe("E_CONFIG");
    expect(error.message).toMatch(
      `${at("stranger")}: expected the Retrain of the model's original of SHA-256 ${hash}, got that of one of SHA-256 `,
    );
    expect((await refusalOf({ model: at("sparse"), oracle: at("stranger") })).message).toMatch(
      /got that of one of another recipe$/,
    );
  });

  it("where its own evaluation is damaged", async () => {
    writeFileSync(at("damaged.json"), "{");
    expect((await refusalOf({ oracle: at("retrain"), oracleEvaluation: at("damaged.json") })).message).toContain(
      at("damaged.json"),
    );
  });
});

describe("an oracle is taken", () => {
  it("of the same original, dense where the model was pruned first", async () => {
    const record = await evaluateStage({ ...settings, model: at("sparse"), oracle: at("retrain") }, context);
    expect([record.oracle?.sparsity, record.before?.sparsity]).toEqual([0, expect.closeTo(0.5, 2)]);
  });

  it("for the original itself, on its forget set", async () => {
    const config = { ...settings, model: at("original"), splitOf: at("forgotten"), oracle: at("retrain") };
    expect((await evaluateStage(config, context)).disparityAverage).toBeGreaterThanOrEqual(0);
  });
});
