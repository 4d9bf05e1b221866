import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { foreignIn, hashesIn, isPassing, namesIn } from "../../../src/stages/run-files.ts";
import { sha256Hex } from "../../../src/util/hash.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

function filled(paths: readonly string[]): string {
  const folder = temporaryFolder();
  for (const path of paths) {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), path);
  }
  return folder;
}

const own = [
  "run.json",
  "split.json",
  "metrics.jsonl",
  "model.safetensors",
  "rewind.safetensors",
  "cleanse.html",
  "report.html",
  "lock.json",
  ".run.json.12.tmp",
  "slices/a.safetensors",
  "slices/.a.safetensors.12.tmp",
  "snapshots/b.safetensors",
  "rounds/round-01/run.json",
  "rounds/round-01/snapshots/b.safetensors",
];

it("nothing that a stage writes is foreign", () => {
  expect(foreignIn(filled(own))).toEqual([]);
  expect(foreignIn(join(temporaryFolder(), "nowhere"))).toEqual([]);
});

it.each([
  "notes.txt",
  "slices/notes.txt",
  "rounds/run.json",
  "rounds/round-01/notes.txt",
  "rounds/mine/run.json",
  "run.json/x",
])("%s is foreign", (path) => {
  const folder = filled([...own.filter((name) => !path.startsWith(`${name}/`)), path]);
  expect(foreignIn(folder)).toEqual([
    path === "run.json/x" ? "run.json" : path === "rounds/mine/run.json" ? "rounds/mine" : path,
  ]);
});

it("links are foreign, whatever their name, and three are named at most", () => {
  const folder = filled(["run.json", "a", "b", "c"]);
  symlinkSync("run.json", join(folder, "split.json"));
  expect(foreignIn(folder)).toHaveLength(3);
  expect(foreignIn(filled(["run.json"]))).toEqual([]);
});

it("what later stages read is hashed by its path; model and split have their hashes elsewhere in the record", () => {
  const hashed = ["metrics.jsonl", "rewind.safetensors", "slices/a.safetensors", "rounds/round-01/run.json"];
  expect(hashesIn(filled(own))).toEqual(Object.fromEntries(hashed.map((path) => [path, sha256Hex(path)])));
  expect(hashesIn(temporaryFolder())).toEqual({});
});

it("locks and files half written pass", () => {
  expect(["lock.json", "lock.takeover", "lock.takeover0a1b", ".run.json.12.tmp"].every(isPassing)).toBe(true);
  expect(["lock.txt", "lock.json.bak", "run.json", ".hidden"].some(isPassing)).toBe(false);
  expect(namesIn(join(temporaryFolder(), "nowhere"))).toEqual([]);
});
