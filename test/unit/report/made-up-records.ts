/** Records made up for tests: valid by schema, with values like those of the paper's main table. */
import { createHash } from "node:crypto";
import type { CompleteEvaluation, Metric, MetricLine, RunRecord, Sample, Scores } from "../../../src/record/index.ts";

export const environment: RunRecord["environment"] = {
  coppice: "0.1.0",
  gitCommit: "0123456789abcdef0123456789abcdef01234567",
  gitDirty: false,
  node: "20.20.0",
  libtorch: "1.13.1",
  addonSha256: hash("addon"),
  cpu: "AMD EPYC 9R14",
  cores: 2,
  threads: 2,
  loadAverage: [0.21, 0.3, 0.4],
  platform: "linux x64",
  device: "cpu",
};

export const counts = { train: 45_000, validation: 5000, forget: 4500, retain: 40_500, test: 9000 };
const classNames = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

/** 64 hexadecimal digits that depend on the text alone. */
export function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** A share of `count` images with an interval about as wide as Clopper and Pearson's. */
export function metric(value: number, count = 4500, oracle?: number): Metric {
  const half = 1.96 * Math.sqrt((value * (1 - value)) / count) + 1.5 / count;
  return {
    value,
    direction: "match-oracle",
    unit: "fraction",
    count,
    interval: [Math.max(0, value - half), Math.min(1, value + half)],
    ...(oracle === undefined ? {} : { gap: Math.abs(value - oracle), signedGap: value - oracle }),
  };
}

/** UA, MIA, RA, TA of a model, as fractions. */
export type Four = readonly [ua: number, mia: number, ra: number, ta: number];

export function scores([ua, mia, ra, ta]: Four, oracle?: Four, forget = counts.forget): Scores {
  const attack = metric(mia, forget, oracle?.[1]);
  return {
    UA: metric(ua, forget, oracle?.[0]),
    RA: { ...metric(ra, counts.retain, oracle?.[2]), direction: "higher" },
    TA: { ...metric(ta, counts.test, oracle?.[3]), direction: "higher" },
    MIA: { correctness: attack, confidence: attack, entropy: attack, m_entropy: attack, prob: attack },
  };
}

const layerNames = [
  "conv1",
  ...[1, 2, 3, 4].flatMap((stage) =>
    [0, 1].flatMap((block) => [1, 2].map((conv) => `layer${stage}.${block}.conv${conv}`)),
  ),
];

export function layers(sparsity: number): NonNullable<RunRecord["result"]>["layers"] {
  return layerNames.map((name, index) => {
    const width = 64 * 2 ** Math.max(0, Math.floor((index - 1) / 4));
    const numel = width * width * 9;
    const share = sparsity === 0 ? 0 : Math.min(0.998, 0.28 + (0.72 * index) / (layerNames.length - 1));
    return { name: `${name}.weight`, shape: [width, width, 3, 3], numel, nonzero: Math.round(numel * (1 - share)) };
  });
}

export interface RunOptions {
  readonly name?: string;
  readonly kind?: RunRecord["kind"];
  readonly method?: string;
  readonly options?: Record<string, unknown>;
  readonly sparsity?: number;
  readonly scenario?: string;
  readonly seconds?: number;
}

export function runRecord(options: RunOptions = {}): RunRecord {
  const {
    name = "ft",
    kind = "forget",
    method = "finetune",
    sparsity = 0,
    scenario = "class 3 (cat)",
    seconds = 151,
  } = options;
  const methodOptions = options.options ?? { epochs: 10, lr: 0.01 };
  return {
    format: "coppice-run",
    version: 1,
    kind,
    name,
    status: "finished",
    startedAt: "2026-08-22T14:03:09Z",
    finishedAt: "2026-08-22T14:05:40Z",
    resumedAt: [],
    command: ["coppice", kind, "--model", "runs/original", "--method", method, "--class", "3", "--out", `runs/${name}`],
    config: { ...methodOptions, momentum: 0.9, weightDecay: 5e-4, batchSize: 256 },
    seed: 1,
    model: { arch: "resnet18", numClasses: 10, inChannels: 3, imageSize: 32, stem: "cifar", numParameters: 11_173_962 },
    data: {
      name: "CIFAR-10",
      digest: hash("cifar"),
      verified: true,
      source: "cifar-10-binary.tar.gz",
      notes: [],
      numTrain: 50_000,
      numTest: 10_000,
      classNames,
    },
    split: { hash: hash("split"), baseHash: hash("base"), scenario, counts },
    ...(kind === "train"
      ? {}
      : { parent: { path: "../original", name: "original", modelSha256: hash(`original ${sparsity}`) } }),
    ...(kind === "forget"
      ? {
          method: {
            name: method,
            options: methodOptions,
            order: sparsity > 0 ? ("prune-first" as const) : ("dense" as const),
          },
        }
      : {}),
    ...(sparsity > 0
      ? {
          mask: {
            sparsity,
            allocation: "global",
            layers: layers(sparsity).map(({ name, numel, nonzero }) => ({ name, numel, nonzero })),
          },
        }
      : {}),
    result: {
      epochs: 10,
      steps: 1590,
      trainLoss: 0.0031,
      trainAccuracy: 0.9987,
      validationAccuracy: 0.9412,
      seconds,
      dataSeconds: 3.4,
      peakMiB: 1234.5,
      modelSha256: hash(`${name} ${sparsity} ${scenario}`),
      layers: layers(sparsity),
    },
    environment,
  };
}

export function history(epochs = 10): MetricLine[] {
  return Array.from({ length: epochs }, (_, index) => ({
    epoch: index + 1,
    step: (index + 1) * 159,
    learningRate: 0.01,
    loss: 0.002 + 1.4 * Math.exp(-index / 1.6),
    accuracy: 1 - 0.45 * Math.exp(-index / 2),
    validationAccuracy: 0.94 - 0.4 * Math.exp(-index / 2),
    seconds: 15,
  }));
}

export function samples(count = 16): Sample[] {
  return Array.from({ length: count }, (_, index) => {
    const pixels = Uint8Array.from({ length: 3 * 32 * 32 }, (_, at) => {
      const [channel, row, column] = [Math.floor(at / 1024), Math.floor((at % 1024) / 32), at % 32];
      const inside = Math.hypot(row - 16, column - 12 - (index % 8)) < 9;
      return inside ? (60 * channel + 23 * index) % 256 : 200 - 3 * row - 20 * channel;
    });
    const after = [0.004, 0.31, 0.92, 0.0002, 0.55, 0.08][index % 6] ?? 0;
    return {
      index: 100 * index + 7,
      id: `train/${100 * index + 7}`,
      label: 3,
      image: { channels: 3, height: 32, width: 32, data: Buffer.from(pixels).toString("base64") },
      probabilityBefore: 1 - 0.003 * (index % 5),
      probabilityAfter: after,
      predictedBefore: 3,
      predictedAfter: after > 0.5 ? 3 : 5,
    };
  });
}

export interface EvaluationOptions {
  readonly name?: string;
  readonly method?: string | undefined;
  readonly sparsity?: number;
  readonly scenario?: string;
  readonly model?: Four;
  readonly oracle?: Four | undefined;
  readonly before?: Four | undefined;
  readonly forget?: number;
  readonly trainLoss?: number;
  readonly seconds?: number;
  readonly samples?: Sample[];
}

export const RETRAIN: Four = [1, 1, 1, 0.9483];
export const ORIGINAL: Four = [0.0004, 0.0464, 0.9996, 0.9462];
export const FINE_TUNED: Four = [0.2253, 0.75, 0.9987, 0.9431];

export function evaluationRecord(options: EvaluationOptions = {}): CompleteEvaluation {
  const { name = "ft", sparsity = 0, scenario = "class 3 (cat)", forget = counts.forget, seconds = 151 } = options;
  const method = "method" in options ? options.method : "finetune";
  const oracle = "oracle" in options ? options.oracle : RETRAIN;
  const before = "before" in options ? options.before : ORIGINAL;
  const model = options.model ?? FINE_TUNED;
  return {
    format: "coppice-evaluation",
    version: 1,
    createdAt: "2026-08-22T14:07:00Z",
    run: {
      name,
      path: `runs/${name}`,
      modelSha256: hash(`${name} ${sparsity} ${scenario}`),
      sparsity,
      ...(method === undefined ? {} : { method, order: sparsity > 0 ? ("prune-first" as const) : ("dense" as const) }),
    },
    split: { hash: hash("split"), scenario, counts: { ...counts, forget } },
    metrics: { ...scores(model, oracle, forget), RTE: { seconds, ...(sparsity > 0 && { denseSeconds: 5 * seconds }) } },
    ...(oracle === undefined
      ? {}
      : {
          disparityAverage: oracle.reduce((sum, value, index) => sum + Math.abs(value - (model[index] ?? 0)), 0) / 4,
          oracle: {
            name: "retrain",
            path: "../retrain",
            modelSha256: hash("retrain"),
            sparsity,
            metrics: { ...scores(oracle, undefined, forget), RTE: { seconds: 2593 } },
          },
        }),
    ...(before === undefined
      ? {}
      : {
          before: {
            name: "original",
            path: "../original",
            modelSha256: hash(`original ${sparsity}`),
            sparsity,
            metrics: scores(before, undefined, forget),
          },
        }),
    originalTrainLoss: options.trainLoss ?? 0.0021,
    samples: options.samples ?? samples(),
    notes: [],
    environment,
  };
}
