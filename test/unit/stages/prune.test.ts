import { existsSync, readdirSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { Mask } from "../../../src/prune/index.ts";
import { type PruneConfig, type RunRecord, runRecordSchema } from "../../../src/record/index.ts";
import { DataContext, pruneStage, quietContext, resumeStage, RunFolder } from "../../../src/stages/index.ts";
import { loadMask } from "../../../src/stages/model-file.ts";
import { checkPrunable, checkPruneConfig } from "../../../src/stages/prune.ts";
import type { Parent } from "../../../src/stages/parent.ts";
import { loadSafetensors } from "../../../src/torch/index.ts";
import { Interrupted } from "../../../src/train/index.ts";
import { pruneConfig } from "../../support/configs.ts";
import { rejectionOf } from "../../support/rejection.ts";
import { stopAfter } from "../../support/stop-after.ts";
import { thrownBy } from "../../support/thrown-by.ts";
import { folderOfRuns, tinyPruning, tinyTraining, trainTiny } from "../../support/tiny-runs.ts";

const runs = folderOfRuns();
const at = (name: string): string => join(runs, name);
const original = at("original");
const data = new DataContext();
const said: string[] = [];
const context = quietContext({ data, log: (message) => void said.push(message) });
const prune = (name: string, changes: Partial<PruneConfig> = {}): Promise<RunRecord> =>
  pruneStage({ ...tinyPruning(original), ...changes }, at(name), context);
let record: RunRecord;

beforeAll(async () => {
  await trainTiny(original);
  record = await prune("pruned");
});

const tensorsOf = (file: string): Map<string, number[]> =>
  new Map([...loadSafetensors(file).tensors].map(([name, value]) => [name, value.toArray()]));
const bytesOf = (name: string): Buffer => readFileSync(join(at(name), "model.safetensors"));
const maskOf = (path: string): Mask => loadMask(join(path, "model.safetensors")) ?? expect.fail(`${path}: no mask`);

/** The weights of `file` where the mask of a run lets them live, zero elsewhere. */
function maskedWeights(file: string, run: string): Map<string, number[]> {
  const mask = tensorsOf(join(at(run), "model.safetensors"));
  return new Map(
    [...tensorsOf(file)].map(([name, values]) => {
      const kept = mask.get(`${name}_mask`);
      return [name, kept === undefined ? values : values.map((value, i) => (kept[i] === 0 ? 0 : value))] as const;
    }),
  );
}

describe("a pruned run", () => {
  it("records the mask, how it was found, the engine and what it comes from", () => {
    expect(runRecordSchema.safeParse(record).success).toBe(true);
    expect(record).toMatchObject({
      kind: "prune",
      parent: { path: "../original", name: "original" },
      config: { model: "../original", pruner: "omp", original: tinyTraining },
      mask: { sparsity: expect.closeTo(0.5, 3), allocation: "global" },
      engine: { name: "dense" },
      result: { epochs: 1, steps: 2 },
    });
    expect(record.split).toEqual(RunFolder.open(original).readRecord().split);
    expect(readdirSync(at("pruned")).toSorted()).toEqual([
      "metrics.jsonl",
      "model.safetensors",
      "records.json",
      "run.json",
      "split.json",
    ]);
  });

  it("has no weight outside of its mask, and trained those inside", () => {
    const { layers = [] } = record.result ?? {};
    for (const { name, nonzero } of record.mask?.layers ?? [])
      expect(layers.find((layer) => layer.name === name)?.nonzero, name).toBe(nonzero);
    const file = join(at("pruned"), "model.safetensors");
    const rewound = maskedWeights(join(original, "rewind.safetensors"), "pruned");
    expect(tensorsOf(file).get("layer1.0.conv1.weight")).not.toEqual(rewound.get("layer1.0.conv1.weight"));
  });

  it("keeps the largest of the final weights", () => {
    const final = tensorsOf(join(original, "model.safetensors"));
    const mask = tensorsOf(join(at("pruned"), "model.safetensors"));
    const sizes = { kept: [] as number[], removed: [] as number[] };
    for (const [name, values] of final) {
      const kept = mask.get(`${name}_mask`);
      kept?.forEach((lives, i) => (lives === 1 ? sizes.kept : sizes.removed).push(Math.abs(values[i] ?? 0)));
    }
    expect(sizes.removed.length).toBeGreaterThan(1000);
    const least = sizes.kept.reduce((smallest, size) => Math.min(smallest, size), Infinity);
    const most = sizes.removed.reduce((largest, size) => Math.max(largest, size), 0);
    expect(least).toBeGreaterThanOrEqual(most);
  });

  it.each([
    ["epoch", "rewind.safetensors"],
    ["final", "model.safetensors"],
  ] as const)("starts from the weights of the %s, under the mask", async (rewind, file) => {
    await prune(`from-${rewind}`, { rewind, epochs: 0 });
    const weights = tensorsOf(join(at(`from-${rewind}`), "model.safetensors"));
    for (const [name, values] of maskedWeights(join(original, file), `from-${rewind}`)) {
      const found = weights.get(name) ?? [];
      // 0 and -0 are both no weight.
      expect(values.every((value, i) => value === found[i]) && found.length === values.length, name).toBe(true);
    }
  });

  it("says how many weights stay, and which layer keeps none", async () => {
    said.length = 0;
    await prune("extreme", { sparsity: 0.9995, pruner: "random", epochs: 0 });
    expect(said).toContainEqual(expect.stringMatching(/^13\d of 2\d{5} convolution weights stay$/));
    const empty =
      RunFolder.open(at("extreme"))
        .readRecord()
        .mask?.layers.filter(({ nonzero }) => nonzero === 0) ?? [];
    const told = said.filter((message) => message.includes("keeps no weight"));
    expect(told.map((message) => message.split(" ")[0])).toEqual(empty.map(({ name }) => name));
    expect(empty.length).toBeGreaterThan(0);
  });

  it("ends with the same bytes when it is interrupted and resumed", async () => {
    await expect(pruneStage(tinyPruning(original), at("stopped"), stopAfter(1, { data }))).rejects.toBeInstanceOf(
      Interrupted,
    );
    expect(RunFolder.open(at("stopped")).readRecord()).toMatchObject({ status: "interrupted", mask: record.mask });
    const resumed = await resumeStage(at("stopped"), context);
    expect(resumed.result?.modelSha256).toBe(record.result?.modelSha256);
    expect(resumed.mask).toEqual(record.mask);
    expect(bytesOf("stopped").equals(bytesOf("pruned"))).toBe(true);
  });
});

describe("pruning in rounds with training in between", () => {
  const rounds = { pruner: "imp", sparsity: 0.75, rate: 0.5 };

  it("leaves each round, whose mask holds the next one's, and ends with the same bytes wherever it is interrupted", async () => {
    const whole = await prune("rounds", rounds);
    const first = join(at("rounds"), "rounds", "round-01");
    expect(readdirSync(join(at("rounds"), "rounds"))).toEqual(["round-01"]);
    const earlier = RunFolder.open(first).requireFinished();
    expect([earlier.mask?.sparsity, whole.mask?.sparsity]).toEqual([expect.closeTo(0.5, 3), expect.closeTo(0.75, 3)]);
    expect(earlier.parent?.path).toBe("../../../original");
    const [outer, inner] = [maskOf(first).toState(), maskOf(at("rounds")).toState()];
    for (const [name, kept] of inner) {
      const allowed = outer.get(name)?.toArray() ?? [];
      expect(
        kept.toArray().every((lives, i) => lives <= (allowed[i] ?? 0)),
        name,
      ).toBe(true);
    }
    for (const steps of [1, 3]) {
      const name = `rounds-stopped-${steps}`;
      const stopped = pruneStage({ ...tinyPruning(original), ...rounds }, at(name), stopAfter(steps, { data }));
      await expect(stopped).rejects.toBeInstanceOf(Interrupted);
      expect(RunFolder.open(at(name)).readRecord().status).toBe("interrupted");
      await resumeStage(at(name), context);
      expect(bytesOf(name).equals(bytesOf("rounds")), name).toBe(true);
    }
  });

  it("keeps the budget of multiplications for the last round: earlier ones have that of their sparsity", async () => {
    await prune("budget", { ...rounds, allocation: "flops", flops: 0.25, epochs: 0 });
    const { config } = RunFolder.open(join(at("budget"), "rounds", "round-01")).requireFinished();
    expect([config["allocation"], config["sparsity"], config["flops"]]).toEqual([
      "flops",
      expect.closeTo(0.5, 3),
      undefined,
    ]);
    expect(RunFolder.open(at("budget")).requireFinished().config["flops"]).toBe(0.25);
  });
});

describe("what cannot be pruned", () => {
  it.each<[Partial<PruneConfig>, string, string]>([
    [{ sparsity: 1 }, "E_ARG", "sparsity: expected a number in [0, 1), got 1"],
    [{ epochs: -1 }, "E_ARG", "epochs: expected an integer >= 0 and <= 100000, got -1"],
    [
      { sparsity: 0.9999999 },
      "E_ARG",
      "sparsity: expected at most 0.999996 of 267696 weights to be removed, got 0.9999999, which leaves none",
    ],
    [
      { rate: 1e-9, pruner: "imp" },
      "E_ARG",
      "rate: expected one that reaches sparsity 0.5 within 1000 rounds, got 1e-9, which takes 693147181",
    ],
    [{ flops: 0 }, "E_ARG", "flops: expected a finite number > 0, got 0"],
    [{ flops: 1.5 }, "E_ARG", "flops: expected a number in [0, 1], got 1.5"],
    [{ rate: 1, pruner: "imp" }, "E_ARG", "rate: expected a number in [0, 1), got 1"],
    [{ flops: 0.5 }, "E_CONFIG", "flops: expected with allocation flops only, got allocation global"],
    [{ rate: 0.2 }, "E_CONFIG", "rate: expected with a pruner of several rounds (imp) only, got omp"],
    [{ allocation: "n:m", pruner: "imp" }, "E_CONFIG", "allocation n:m: expected a pruner of one step, got imp"],
    [
      { allocation: "n:m", pruner: "synflow" },
      "E_CONFIG",
      "allocation n:m: expected a pruner of one step, got synflow",
    ],
    [
      { allocation: "n:m", sparsity: 0.6 },
      "E_ARG",
      "n:m: expected sparsity 0.25, 0.5 or 0.75 (3:4, 2:4, 1:4), got 0.6",
    ],
    [
      { engine: "sparse", device: "cuda" },
      "E_CONFIG",
      "--engine sparse: expected a pruned model on the CPU, got device cuda",
    ],
  ])("is %j, before anything is written", async (change, code, message) => {
    const error = await rejectionOf(prune("refused", change));
    expect([error.code, error.message]).toEqual([code, message]);
    expect(existsSync(at("refused"))).toBe(false);
  });

  it("is an unknown pruner or allocation, with the one that was meant", () => {
    expect(thrownBy(() => checkPruneConfig({ ...pruneConfig, pruner: "snipp" })).hint).toBe("did you mean snip?");
    expect(thrownBy(() => checkPruneConfig({ ...pruneConfig, allocation: "globl" })).hint).toBe("did you mean global?");
  });

  it("is a run that was pruned already", async () => {
    expect(await rejectionOf(prune("again", { model: at("pruned") }))).toMatchObject({
      code: "E_CONFIG",
      message: `${at("pruned")}: expected a dense original to prune, got a run of kind prune`,
    });
    expect(existsSync(at("again"))).toBe(false);
  });

  it("is an ensemble of shards", () => {
    const folder = RunFolder.open(original);
    const sharded = { ...tinyTraining, sharding: { shards: 2, slices: 1 } };
    const parent = { folder, record: folder.requireFinished(), original: sharded } as Parent;
    expect(thrownBy(() => checkPrunable(parent)).message).toBe(
      `${original}: expected one network to prune, got an ensemble of shards`,
    );
    expect(() => checkPrunable({ ...parent, original: tinyTraining })).not.toThrow();
  });

  it("is an original whose weights to rewind to are lost", async () => {
    const file = join(original, "rewind.safetensors");
    renameSync(file, `${file}.away`);
    const error = await rejectionOf(prune("lost"));
    renameSync(`${file}.away`, file);
    expect([error.code, error.message]).toEqual([
      "E_CHECKPOINT",
      `${file}: expected the weights to rewind to, got no such file`,
    ]);
    expect(existsSync(at("lost"))).toBe(false);
  });
});
