/** A whole unlearning job, from the command to the saved model: FT for two epochs on 5,000 images of CIFAR-10, from a ResNet-18 that is 95 % sparse. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseRunRecord, type RunRecord } from "../src/record/index.ts";
import { physicalCores } from "../src/torch/index.ts";
import { requirePython } from "./python.ts";
import type { Benchmark, Measurement } from "./result.ts";
import { summarize } from "./result.ts";
import { pytorchTraining, ready } from "./side.ts";
import { coppice, trainedModel } from "./trained.ts";

const pairs = 3; // minutes each
const epochs = 2;
const retained = 5000;
const layouts = ["contiguous", "channels-last"] as const;
type Layout = (typeof layouts)[number];

const folder = (name: string): string => fileURLToPath(new URL(`../build/bench/${name}`, import.meta.url));
const recordOf = (run: string): RunRecord => parseRunRecord(readFileSync(`${run}/run.json`, "utf8"));

/** The trained model under the mask of this allocation; made once. */
function prunedModel(allocation: string): string {
  trainedModel();
  const out = folder(`resnet18-${allocation}95`);
  if (!existsSync(`${out}/model.safetensors`)) {
    const how = ["--sparsity", "0.95", "--allocation", allocation, "--epochs", "0"];
    coppice(["prune", "--model", folder("resnet18"), ...how, "--force", "--allow-unverified", "--out", out]);
  }
  return out;
}

interface Done {
  readonly seconds: number;
  readonly peakMiB: number;
  readonly trainLoss: number;
}

function ourJob(pruned: string, run: string): Done {
  const forgotten = (recordOf(pruned).split.counts.retain ?? 0) - retained;
  const settings = ["--method", "finetune", "--epochs", String(epochs), "--lr", "0.01", "--count", String(forgotten)];
  const started = performance.now();
  coppice(["forget", "--model", pruned, ...settings, "--allow-unverified", "--force", "--out", run]);
  const seconds = (performance.now() - started) / 1000;
  const { peakMiB = NaN, trainLoss = NaN } = recordOf(run).result ?? {};
  return { seconds, peakMiB, trainLoss };
}

function theirJob(layout: Layout, run: string): Done & { readonly versions: Record<string, string> } {
  const script = fileURLToPath(new URL("peers/finetune_pruned.py", import.meta.url));
  const args = [script, String(physicalCores()), layout, run, folder("finetuned.pt")];
  const started = performance.now();
  const { status, stdout } = spawnSync(requirePython(), args, { stdio: ["ignore", "pipe", "inherit"] });
  const seconds = (performance.now() - started) / 1000;
  if (status !== 0) throw new TypeError("the job in Python failed, see above");
  return { ...(JSON.parse(stdout.toString()) as Omit<Awaited<ReturnType<typeof theirJob>>, "seconds">), seconds };
}

/** The memory format in which a dense step takes PyTorch less time here. */
async function betterLayout(): Promise<Layout> {
  await using contiguous = pytorchTraining("contiguous");
  await using channelsLast = pytorchTraining("channels-last");
  await ready([contiguous, channelsLast]);
  const seconds = [];
  for (const side of [contiguous, channelsLast]) {
    await side.seconds(2);
    seconds.push(await side.seconds(3));
  }
  return layouts[seconds.indexOf(Math.min(...seconds))] ?? "contiguous";
}

async function compare(allocation: string): Promise<Measurement> {
  const pruned = prunedModel(allocation);
  const run = folder(`job-${allocation}95`);
  const layout = await betterLayout();
  let versions = {};
  const samples: { ours: Done; theirs: Done }[] = [];
  for (let pair = 0; pair < pairs; pair++) {
    const ours = ourJob(pruned, run);
    const theirs = theirJob(layout, run);
    versions = { ...theirs.versions, layout };
    samples.push({ ours, theirs });
  }
  const median = (side: "ours" | "theirs", key: keyof Done): number =>
    summarize(samples.map((sample) => sample[side][key])).value;
  return {
    samples: samples.map(({ ours, theirs }) => theirs.seconds / ours.seconds),
    details: {
      ourSeconds: median("ours", "seconds"),
      pytorchSeconds: median("theirs", "seconds"),
      ourPeakMiB: median("ours", "peakMiB"),
      pytorchPeakMiB: median("theirs", "peakMiB"),
      ourTrainLoss: median("ours", "trainLoss"),
      pytorchTrainLoss: median("theirs", "trainLoss"),
    },
    versions,
  };
}

export const jobBenchmarks: readonly Benchmark[] = [
  { allocation: "uniform", target: 5 },
  { allocation: "global", target: 3 },
].map(({ allocation, target }) => ({
  name: `sparse-job-${allocation}95`,
  unit: "ratio",
  measures: `PyTorch's time under torch.nn.utils.prune masks over ours, from start to saved model, for fine-tuning a ResNet-18 with 95 % sparsity (${allocation}) on ${retained} images of CIFAR-10 for ${epochs} epochs: above 1 is faster`,
  better: "higher",
  target: `at least ${target}`,
  meets: ({ value }) => value >= target,
  run: () => compare(allocation),
}));
