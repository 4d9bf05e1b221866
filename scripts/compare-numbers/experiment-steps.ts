/** Searches for options, transfers, the theory, and grids. */
import { fileURLToPath } from "node:url";
import { aClass, atRandom, dense, images, sparse, step, type Step, training, twoEpochs } from "./step.ts";

const beside = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

const toTarget =
  "transfer --source source --target embedded --target-classes 7 8 9 --target-train 60 --target-test 60 --epochs 2 --batch-size 20 --lr 0.01 --method finetune --forget epochs=1 --counts 1 --seeds 2";

/** @param given `drawn`: folder of a CIFAR-10 of drawn images, which the theory's recipe asks for */
export function experimentSteps(given: { readonly drawn: string }): Step[] {
  return [
    step("tune/dense", `tune --model original --method l1-sparse ${aClass} --trials 4 ${twoEpochs} ${dense}`),
    step(
      "tune/sparse",
      `tune --model pruned --method finetune ${atRandom} --trials 4 --search lr=1e-3:1e-1:log,epochs=1|2 ${sparse}`,
    ),
    step("source", `train ${images} ${training} --epochs 4 --classes 0 1 2 3`),
    step("transfer/linear", `${toTarget} --rank leave-out --probe linear`),
    step("transfer/full", `${toTarget} --rank counts --probe full`),
    // Its engine cannot be named: it goes by the break-even that both programs share.
    step("theory", "theory --num-train 30 --epochs 1 --allow-unverified --data-folder", given.drawn),
    step("grid/dense", `experiment ${dense} --jobs grid/dense/jobs`, beside("grid.mjs")),
    step("grid/sparse", `experiment ${sparse} --jobs grid/sparse/jobs`, beside("pruned-grid.mjs")),
    { name: "grid/cleansing", script: beside("cleansing-grid.mjs"), args: ["grid/cleansing"] },
  ];
}
