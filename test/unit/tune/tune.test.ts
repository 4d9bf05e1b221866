import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parseRecord, tuneRecordSchema } from "../../../src/record/index.ts";
import { quietContext } from "../../../src/stages/index.ts";
import { runTune } from "../../../src/tune/tune.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { tinySearch } from "./tiny-search.ts";

it("writes the record of a search into a new folder, or one of an earlier search, and into no other", async () => {
  const work = temporaryFolder();
  const config = await tinySearch(work);
  const out = join(work, "tuned");
  const record = await runTune(config, out, quietContext());
  expect(parseRecord(tuneRecordSchema, readFileSync(join(out, "tune.json"), "utf8"), "tune.json")).toEqual(record);
  expect((await runTune(config, out, quietContext())).trials).toEqual(record.trials);

  const kept = readFileSync(join(out, "tune.json"), "utf8");
  const another = { ...config, request: { kind: "random", count: 5 } as const };
  await expect(runTune(another, out, quietContext())).rejects.toThrow(/expected a search of .* for 5 random images/);
  expect(readFileSync(join(out, "tune.json"), "utf8")).toBe(kept);

  const other = join(work, "other");
  mkdirSync(other);
  writeFileSync(join(other, "notes.txt"), "");
  await expect(runTune(config, other, quietContext())).rejects.toThrow(/expected a new folder.*holds notes\.txt/);
  expect(existsSync(join(other, "tune.json"))).toBe(false);
});
