import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { detectedFile, detectJob, poisonJob, suspectsJob, trojanedJob } from "../../../../src/jobs/stage-jobs/index.ts";
import { suspectsFile } from "../../../../src/jobs/stage-jobs/suspect-jobs.ts";
import type { DetectConfig, PoisonConfig } from "../../../../src/record/index.ts";
import { quietContext } from "../../../../src/stages/index.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";
import { doJobs, expectDistinct, shortTraining } from "../../../support/tiny-jobs.ts";
import { tinyData, tinyTraining } from "../../../support/tiny-runs.ts";

const request: PoisonConfig["request"] = {
  attack: "badnets",
  options: {},
  target: 1,
  ratio: 0.25,
  seed: 1,
  split: { ...tinyTraining.split, seed: 1 },
};
const poisonWith = (changes: Partial<PoisonConfig["request"]> = {}, data: object = {}): ReturnType<typeof poisonJob> =>
  poisonJob("poison", { data: { ...tinyData, ...data }, request: { ...request, ...changes } }, shortTraining);
const poison = poisonWith();
const quality = { known: 0.5, mixed: 0.25, seed: 1 };

const idsIn = (file: string): string[] => {
  const [header, ...lines] = readFileSync(file, "utf8").trimEnd().split("\n");
  expect(header?.split(",")[0]).toBe("id");
  return lines.map((line) => line.split(",")[0] ?? "");
};

describe("a poisoning as a job", () => {
  it("is told apart by the attack and the data, and costs nothing", () => {
    expectDistinct(poison, [
      poisonWith({ attack: "blended" }),
      poisonWith({ options: { size: 5 } }),
      poisonWith({ target: 0 }),
      poisonWith({ ratio: 0.5 }),
      poisonWith({ seed: 2 }),
      poisonWith({ split: { ...request.split, seed: 2 } }),
      poisonWith({}, { numTrain: 39 }),
    ]);
    expect(poisonWith({}, { folder: "/elsewhere" }).key).toBe(poison.key);
    expect(poison).toMatchObject({ kind: "poison", work: 0, after: [] });
  });

  it("is done again over what an earlier attempt has left", async () => {
    const folder = temporaryFolder();
    await poison.perform(folder, () => "", quietContext());
    const first = readFileSync(join(folder, suspectsFile), "utf8");
    await poison.perform(folder, () => "", quietContext());
    expect(readFileSync(join(folder, suspectsFile), "utf8")).toBe(first);
    expect(idsIn(join(folder, suspectsFile))).toHaveLength(8);
  });
});

describe("a worse list of suspects as a job", () => {
  it("is told apart by how much worse, and of which poisoning", () => {
    const half = suspectsJob("half", poison, quality);
    expectDistinct(half, [
      suspectsJob("half", poison, { ...quality, known: 0.75 }),
      suspectsJob("half", poison, { ...quality, mixed: 0 }),
      suspectsJob("half", poison, { ...quality, seed: 2 }),
      suspectsJob("half", poisonWith({ seed: 2 }), quality),
    ]);
    expect([half.after, half.work]).toEqual([[poison], 0]);
  });

  it("has a share of the poisoned images, and clean ones beside them", async () => {
    const worse = suspectsJob("half", poison, quality);
    const none = suspectsJob("three quarters", poison, { known: 0.75, mixed: 0, seed: 1 });
    const store = await doJobs([worse, none]);
    const truth = new Set(idsIn(join(store.folderOf(poison.key), suspectsFile)));
    const [some, most] = [worse, none].map(({ key }) => idsIn(join(store.folderOf(key), suspectsFile)));
    expect(some).toHaveLength(6);
    expect(some?.filter((id) => truth.has(id))).toHaveLength(4);
    expect(most).toHaveLength(6);
    expect(most?.every((id) => truth.has(id))).toBe(true);
  });
});

describe("a detector as a job", () => {
  const from = trojanedJob("trojaned", poison, shortTraining);
  const config = {
    detector: "spectral-signatures",
    options: { share: 0.25 },
    data: { allowUnverified: false },
    seed: 1,
    device: "cpu",
  } as const;
  const detect = (changes: Partial<DetectConfig> = {}): ReturnType<typeof detectJob> =>
    detectJob("suspects", from, { ...config, ...changes });

  it("is told apart by the detector, its options and its model", () => {
    expectDistinct(detect(), [
      detect({ detector: "strip", options: {} }),
      detect({ options: { share: 0.5 } }),
      detect({ seed: 2 }),
      detectJob("suspects", trojanedJob("trojaned", poison, { ...shortTraining, seed: 2 }), config),
    ]);
    expect(detect()).toMatchObject({ kind: "detect", after: [from], work: 40 / 3 });
  });

  it("leaves its list in its folder, over one that an earlier attempt has left", async () => {
    const job = detect();
    const store = await doJobs([job]);
    expect(readdirSync(store.folderOf(job.key)).toSorted()).toEqual(["job.json", detectedFile]);
    const suspects = idsIn(join(store.folderOf(job.key), detectedFile));
    expect(new Set(suspects).size).toBe(suspects.length);
    const again = join(temporaryFolder(), "again");
    mkdirSync(again);
    writeFileSync(join(again, detectedFile), "id,class,score\n");
    await job.perform(again, ({ key }) => store.folderOf(key), quietContext());
    expect(idsIn(join(again, detectedFile))).toEqual(suspects);
  });
});
