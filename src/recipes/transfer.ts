/** Transfer with source classes removed, at a scale of two cores: a small network from the first five classes of CIFAR-10 to the other five. */
import { transferRecipe } from "../stages/index.ts";
import { type TransferSpec } from "../experiments/index.ts";
import { scaleOf } from "./scale.ts";

const halves = { source: [0, 1, 2, 3, 4], target: [5, 6, 7, 8, 9] } as const;

/** @param seeds how many sources */
export function quickTransfer(seeds: number): TransferSpec {
  const { train, options } = scaleOf("quick");
  const data = { ...train.data, numTrain: 1000, numTest: 1000 };
  return {
    name: "Transfer with source classes removed, quick",
    source: {
      train: { ...train, data: { ...data, classes: halves.source }, recipe: { ...train.recipe, epochs: 20 } },
    },
    sourceData: { allowUnverified: false },
    target: { ...data, classes: halves.target },
    drop: "counts",
    counts: [0, 1, 2, 3],
    methods: ["l1-sparse", "finetune", "retrain"].map((method) => ({ method, options: options[method] ?? {} })),
    probe: "linear",
    recipe: { ...transferRecipe, epochs: 100, batchSize: 50, lr: 1e-3 },
    seeds: Array.from({ length: seeds }, (_, i) => i + 1),
    device: "cpu",
    notes: [
      "ResNet-20s, 1,000 training images of five classes of CIFAR-10 to 1,000 of the other five, 20 epochs; linear probe of 100 epochs in batches of 50 at a rate of 1e-3, so that it converges on so few images. The paper: ImageNet, hundreds of classes removed, to OxfordPets and SUN397, Adam at 1e-4 for 200 epochs in batches of 256 at 224x224.",
      "A source of five classes has few to spare: removing three of them removes most of what it was trained on, which hundreds of a thousand do not.",
    ],
  };
}
