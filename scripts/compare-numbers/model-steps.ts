/** Models: trained in several ways, and pruned by every pruner and allocation. */
import { dense, images, sparse, step, type Step, training, twoEpochs } from "./step.ts";

const few = "--data embedded --num-train 40 --num-test 20 --batch-size 16 --epochs 1";

const trained: readonly Step[] = [
  step("original", `train ${images} ${training} --no-augment`),
  step(
    "train/adam",
    `train ${images} ${training} ${twoEpochs} --optimizer adam --lr 1e-3 --schedule cosine --warmup-epochs 1`,
  ),
  step(
    "train/adamw",
    `train ${images} ${training} ${twoEpochs} --optimizer adamw --lr 1e-3 --schedule onecycle --split reference`,
  ),
  step(
    "train/nesterov",
    `train ${images} ${training} ${twoEpochs} --nesterov --schedule constant --classes 7 2 5 --seed 7`,
  ),
  step("train/resnet18", `train ${few} --arch resnet18`),
  step("train/resnet50", `train ${few} --arch resnet50 --stem imagenet`),
  step("ensemble", `train ${images} ${training} --epochs 4 --shards 2 --slices 2`),
];

const prune = `prune --model original ${twoEpochs}`;

const pruned: readonly Step[] = [
  step("pruned", `${prune} --sparsity 0.9 ${dense}`),
  step("pruned-sparse", `${prune} --sparsity 0.9 ${sparse}`),
  step("prune/imp", `${prune} --method imp --sparsity 0.84 --rate 0.6 ${dense}`),
  ...["synflow", "snip", "grasp"]
    .flatMap((method) => [method, `${method}-as-published`])
    .concat("random")
    .map((method) => step(`prune/${method}`, `${prune} --method ${method} --sparsity 0.8 --keep-connected ${dense}`)),
  ...["layer-wise", "uniform", "erk", "flops"].map((allocation) =>
    step(`prune/${allocation}`, `${prune} --allocation ${allocation} --sparsity 0.75 ${sparse}`),
  ),
  step("prune/n-of-m", `${prune} --allocation n:m --sparsity 0.75 ${sparse}`),
  step("prune/final", `${prune} --sparsity 0.9 --rewind final --layers conv+linear ${dense}`),
  step("prune/initial", `${prune} --sparsity 0.9 --rewind initial ${sparse}`),
  ...["resnet18", "resnet50"].map((arch) =>
    step(`prune/${arch}`, `prune --model train/${arch} --epochs 1 --sparsity 0.9 ${sparse}`),
  ),
];

export const modelSteps: readonly Step[] = [...trained, ...pruned];
