/** `coppice tune`: trials of a method's options, halved again and again, on data that are neither the test set's nor Retrain's. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parseRecord, type TuneRecord, tuneRecordSchema } from "../record/index.ts";
import { splitReference } from "../record/split.ts";
import { forgetSetOf } from "../stages/forget-set-summary.ts";
import { CoppiceError } from "../util/errors.ts";
import { makeFolder, readText, writeJson } from "../util/files.ts";
import { checkApart } from "../stages/output.ts";
import type { TuneConfig } from "./config.ts";
import { type PreparedTune, prepareTune } from "./prepare.ts";
import { tuneRecord } from "./record.ts";
import { Search, trialsFolder, type TuneContext } from "./search.ts";

/**
 * Searches in the folder `out` until the budget is spent, and writes `tune.json`. Trials that are done are not done again: the same call continues
 * where it was stopped, and one with more trials continues where fewer ended.
 * @throws CoppiceError as prepareTune, and E_CONFIG when no trial succeeds; Interrupted when asked to stop
 */
export async function runTune(config: TuneConfig, out: string, context: TuneContext): Promise<TuneRecord> {
  checkApart(out, [config.model, config.data.folder]);
  checkFolder(out);
  const tune = await prepareTune(config, context);
  checkSameSearch(out, tune);
  await context.confirm?.(forgetSetOf(tune));
  makeFolder(out);
  const search = new Search(tune, out, context);
  await search.run();
  const record = tuneRecord(tune, search, { command: context.command, out });
  writeJson(join(out, "tune.json"), record);
  return record;
}

/** The result of a search is replaced by the same search only. @throws CoppiceError E_CONFIG */
function checkSameSearch(out: string, { method, split, parent }: PreparedTune): void {
  const file = join(out, "tune.json");
  if (!existsSync(file)) return;
  const earlier = parseRecord(tuneRecordSchema, readText(file, "E_CHECKPOINT"), file);
  const own = [method.name, split.hash, parent.record.result.modelSha256];
  if (own.every((value, i) => value === [earlier.method, earlier.split.hash, earlier.model.modelSha256][i])) return;
  throw new CoppiceError(
    "E_CONFIG",
    `${out}: expected a search of ${method.name} for ${splitReference(split, parent.loaded.dataset.classNames).scenario}, got one of ${earlier.method} for ${earlier.split.scenario} of the model ${earlier.model.name}`,
    { hint: "choose another folder with --out" },
  );
}

function checkFolder(out: string): void {
  if (!existsSync(out)) return;
  const entries = readdirSync(out);
  if (entries.length === 0 || entries.includes(trialsFolder)) return;
  throw new CoppiceError(
    "E_CONFIG",
    `${out}: expected a new folder, or one of an earlier search, got one that holds ${entries[0]}`,
    {
      hint: "choose another folder with --out",
    },
  );
}
