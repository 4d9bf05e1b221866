/** Mathematics says where it is from: each such file opens with Source, Reference and Differs. */
import { describe, expect, it } from "vitest";
import { type SourceFile, writtenSources } from "../support/source-files.ts";

/** Files of the mathematical folders that hold no mathematics of their own. A new file counts as mathematics. */
const plumbing = new Set([
  "src/detect/detector.ts", // what a detector is
  "src/detect/features.ts", // what a layer is shown
  "src/prune/allocation.ts", // what an allocation is
  "src/prune/mask.ts", // how a mask is stored and held
  "src/prune/prunable.ts", // which weights may be pruned
  "src/prune/pruner.ts", // what a pruner is
  "src/prune/score-and-restore.ts", // restores a model after scoring
  "src/unlearn/method.ts", // what a method is
  "src/unlearn/presets.ts", // numbers of others
  "src/unlearn/sgd-options.ts", // options that methods share
  "src/unlearn/tools/channels.ts", // which channels there are
  "src/unlearn/tools/last-layers.ts", // which layers are the last
  "src/unlearn/tools/paired-batches.ts", // forget batches beside others
  "src/unlearn/tools/parameters.ts", // lists of tensors by parameter
  "src/unlearn/tools/sources.ts", // sources made of others
  "src/evaluate/cautions.ts", // sentences beside the numbers
  "src/evaluate/evaluate-logits.ts", // all metrics, one after the other
  "src/evaluate/metric.ts", // what a metric is
  "src/evaluate/plain-prediction.ts", // from arrays to tensors
  "src/evaluate/predictions.ts", // which images a metric looks at
  "src/evaluate/proportion.ts", // a count with its interval
  "src/evaluate/svc/normal-equations.ts", // linear algebra of interior-point.ts
  "src/evaluate/svc/one-thread.ts", // a setting
  "src/evaluate/svc/weighted-points.ts", // equal points counted once
]);

const labels = ["Source", "Reference", "Differs"];

/** The labels that the opening comment of `file` lacks. */
function missingLabels({ text }: SourceFile): string[] {
  const header = /^\/\*\*[\s\S]*?\*\//.exec(text)?.[0] ?? "";
  return labels.filter((label) => !new RegExp(`^ \\* ${label} +\\S`, "m").test(header));
}

const mathematics = writtenSources().filter(
  ({ path }) => /^src\/(unlearn|detect|evaluate|prune)\//.test(path) && !/\/(index|registry)\.ts$/.test(path),
);

describe("headers of methods, metrics and pruners", () => {
  it("say source, reference and differences", () => {
    const bare = mathematics.filter((file) => !plumbing.has(file.path) && missingLabels(file).length > 0);
    expect(mathematics.length).toBeGreaterThan(plumbing.size);
    expect(bare.map((file) => `${file.path} lacks ${missingLabels(file).join(", ")}`)).toEqual([]);
  });

  it("have no exception for a file that is gone", () => {
    const paths = new Set(mathematics.map(({ path }) => path));
    expect([...plumbing].filter((path) => !paths.has(path))).toEqual([]);
  });

  it("would be seen incomplete", () => {
    const complete = "/**\n * A.\n *\n * Source     B\n * Reference  C\n * Differs    D\n */\n";
    expect(missingLabels({ path: "a.ts", text: complete })).toEqual([]);
    expect(missingLabels({ path: "a.ts", text: complete.replace(" * Reference  C\n", "") })).toEqual(["Reference"]);
    expect(missingLabels({ path: "a.ts", text: `const a = 1;\n${complete}` })).toEqual(labels);
  });
});
