import { describe, expect, it } from "vitest";
import { sealSplit } from "../../../src/record/index.ts";
import { provenanceSection } from "../../../src/report/provenance.ts";
import { textOf } from "./markup.ts";
import { environment, evaluationRecord, hash, runRecord } from "./made-up-records.ts";

const run = runRecord();
const original = runRecord({ name: "original", kind: "train" });
const oracle = runRecord({ name: "retrain", method: "retrain" });
const plain = (input: Parameters<typeof provenanceSection>[0]): string =>
  textOf(provenanceSection(input).markup).replaceAll("\u202f", " ");

describe("provenance", () => {
  const text = plain({ lineage: [original, run], run, evaluation: evaluationRecord(), oracle, split: undefined });

  it("names data, split, hashes, versions and machine", () => {
    for (const expected of [
      "CIFAR-10, checksums verified; 50,000 training images",
      hash("cifar"),
      hash("split"),
      "class 3 (cat): 4,500 to forget, 40,500 retained",
      "Coppice 0.1.0, commit 0123456789ab; libtorch 1.13.1; Node 20.20.0",
      environment.addonSha256,
      "AMD EPYC 9R14; 2 cores, 2 threads; linux x64; cpu",
      "0.21, 0.30, 0.40",
      "Original's training loss 0.0021",
    ]) {
      expect(text).toContain(expected);
    }
  });

  it("says where the runs before are not there any more", () => {
    const alone = { run, evaluation: undefined, oracle: undefined, split: undefined, lineage: [] };
    expect(plain({ ...alone, broken: true })).toContain(
      "The run original, which ft was made from, is not there any more",
    );
    expect(plain({ ...alone, broken: false })).not.toContain("not there any more");
    expect(text).not.toContain("not there any more");
  });

  it("gives the command of every stage once, the earliest first", () => {
    const commands = [...text.matchAll(/coppice (\w+) --model \S+ --method \S+ --class 3 --out (\S+)/g)];
    expect(commands.map(([, , out]) => out)).toEqual(["runs/original", "runs/ft", "runs/retrain"]);
  });

  it("says on which engine the model was made and on which evaluated, and why", () => {
    const evaluation = evaluationRecord();
    const [made, evaluated] = [
      { name: "sparse" as const, precision: "bf16" as const, reason: "as asked" },
      { name: "dense" as const, reason: "0.600 of the multiplications are with live weights" },
    ];
    const text = plain({
      lineage: [],
      run: { ...run, engine: made },
      evaluation: { ...evaluation, run: { ...evaluation.run, engine: evaluated } },
      oracle: undefined,
      split: undefined,
    });
    expect(text).toContain("Made on sparse engine in bf16: as asked");
    expect(text).toContain("Evaluated on dense engine: 0.600 of the multiplications are with live weights");
    const without = plain({ lineage: [], run, evaluation, oracle: undefined, split: undefined });
    expect(without).not.toMatch(/Made on|Evaluated on/);
  });

  it("says how the split was drawn, where the manifest is at hand", () => {
    const split = sealSplit({
      format: "coppice-split",
      version: 1,
      dataset: { name: "CIFAR-10", digest: hash("cifar"), numTrain: 2, numTest: 1, numClasses: 2 },
      mode: "reference",
      seed: 7,
      validationFraction: 0.1,
      scenario: { kind: "class", classes: [3] },
      indices: { train: [0, 1], validation: [], forget: [0], retain: [1], test: [0] },
    });
    expect(plain({ lineage: [], run, evaluation: undefined, oracle: undefined, split })).toContain(
      "Split drawn as the reference implementation draws, seed 7, 10 % for validation",
    );
  });

  it("says loudly that data is not verified, and that the checkout had changes", () => {
    const changed = {
      ...run,
      data: { ...run.data, verified: false },
      environment: { ...environment, gitDirty: true },
    };
    const text = plain({ lineage: [], run: changed, evaluation: undefined, oracle: undefined, split: undefined });
    expect(text).toContain("NOT verified");
    expect(text).toContain("0123456789ab with changes");
  });

  it("shows a stage that did not finish, and when it was resumed", () => {
    const { result: _result, finishedAt: _finishedAt, ...begun } = run;
    const interrupted = { ...begun, status: "interrupted" as const, resumedAt: ["2026-08-23T10:00:00Z"] };
    const text = plain({ lineage: [], run: interrupted, evaluation: undefined, oracle: undefined, split: undefined });
    expect(text).toContain("FT, interrupted");
    expect(text).toContain("Resumed 2026-08-23 10:00 UTC");
    expect(text).not.toContain("Training loss");
  });
});
