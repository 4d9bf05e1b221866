// Our side of the benchmarks of whole training steps: the training loop that users run, from the compiled library.
// The argument is JSON (bench/side.ts): batchSize, arch, pruning, and the engine for a pruned model.
// Plain JavaScript, so that nothing but Node stands between it and the clock. Commands: see bench/side.ts.
import { createInterface } from "node:readline";
import { DeviceImages } from "../../dist/data/index.js";
import { peakMemoryMiB } from "../../dist/stages/peak-memory.js";
import { createModel } from "../../dist/models/index.js";
import { constant, sgd } from "../../dist/optim/index.js";
import { globalMask, Mask, omp, prunableWeights } from "../../dist/prune/index.js";
import { applyEngine, chooseEngine } from "../../dist/sparse/index.js";
import { Generator, getNumThreads, libtorchVersion, loadSafetensors, rand } from "../../dist/torch/index.js";
import { predict, Trainer } from "../../dist/train/index.js";

const {
  arch = "resnet18",
  batchSize = 64,
  pruning,
  engine = "sparse",
  precision,
} = JSON.parse(process.argv[2] ?? "{}");
const numImages = 4 * batchSize;
const normalize = { mean: [0.4914, 0.4822, 0.4465], std: [0.247, 0.2435, 0.2616] };

const shape = { channels: 3, height: 32, width: 32 };
const images = Uint8Array.from({ length: numImages * 3 * 32 * 32 }, (_, i) => (i * 2654435761) >>> 24);
const labels = Uint8Array.from({ length: numImages }, (_, i) => i % 10);
const data = new DeviceImages({ images, labels, count: numImages, ids: String }, shape, "cpu");

const dense = createModel({ arch, numClasses: 10, normalize }, Generator.seeded(0));
const pruned = pruning === undefined ? null : maskOf(pruning);
const choice = await chooseEngine(pruned === null ? "auto" : engine, dense, pruned, { precision });
const { model, mask } = applyEngine(choice, dense, pruned);
mask?.apply(model);
const optimizer = sgd(model.namedParameters(), { lr: 0.01, momentum: 0.9, weightDecay: 5e-4 });
const generators = { order: Generator.seeded(1), augment: Generator.seeded(2) };
const trainer = new Trainer({ model, mask, generators, batchSize, augment: true });

function maskOf({ allocation, sparsity, model: file }) {
  if (allocation === "uniform") return uniformMask(1 - sparsity);
  dense.loadStateDict(loadSafetensors(file).tensors);
  return globalMask(omp.score({ model: dense }), sparsity);
}

/** The first convolution keeps nine weights of ten: it has few, and pruning leaves them. */
function uniformMask(share) {
  const generator = Generator.seeded(3);
  const masks = [...prunableWeights(dense)].map(([name, weight], i) => [
    name,
    rand(weight.shape, { generator }).lt(i === 0 ? 0.9 : share),
  ]);
  return Mask.of(new Map(masks));
}

async function evaluate(batches) {
  const source = data.subset(
    Array.from({ length: batches * batchSize }, (_, i) => i % numImages),
    "benchmark",
  );
  const started = performance.now();
  const { logits, labels } = await predict(model, source, { batchSize });
  const seconds = (performance.now() - started) / 1000;
  logits.dispose();
  labels.dispose();
  return { seconds };
}

async function train(steps) {
  const source = data.subset(
    Array.from({ length: steps * batchSize }, (_, i) => i % numImages),
    "benchmark",
  );
  const started = performance.now();
  await trainer.fit(source, { epochs: 1, optimizer, schedule: constant({ lr: 0.01 }) });
  return { seconds: (performance.now() - started) / 1000 };
}

const reply = (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`);

reply({ threads: getNumThreads(), versions: { node: process.version, libtorch: libtorchVersion() } });
for await (const line of createInterface({ input: process.stdin })) {
  const [command, count] = line.split(" ");
  if (command === "peak") reply({ peakMiB: peakMemoryMiB() });
  else reply(await (command === "steps" ? train : evaluate)(Number(count)));
}
