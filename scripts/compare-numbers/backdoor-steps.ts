/** Every backdoor attack and detector, and cleanses of a Trojaned model: with a list of suspects, with a detector, without, and several. */
import { optionsOf } from "./forget-steps.ts";
import { dense, images, sparse, step, type Step, training, twoEpochs } from "./step.ts";

const cleanse = "cleanse --model trojaned";
const suspects = "--suspects poison/badnets/poisoned.csv";

export const backdoorSteps: readonly Step[] = [
  ...["badnets", "badnets-bench", "blended", "sig", "wanet"].map((attack) =>
    step(`poison/${attack}`, `poison ${images} --attack ${attack}`),
  ),
  step("trojaned", `train --poison poison/badnets ${training}`),
  step("trojaned-wanet", `train --poison poison/wanet ${training} ${twoEpochs}`),
  ...["activation-clustering --size 0.5 --silhouette 0", "spectral-signatures", "strip --false-alarms 0.2"].map(
    (detector) =>
      step(`detect/${detector.split(" ", 1).join("")}.csv`, `detect --model trojaned --detector ${detector}`),
  ),
  step("cleanse/finetune", `${cleanse} ${suspects} --method finetune ${twoEpochs} ${dense}`),
  {
    ...step("cleanse/detected", `${cleanse} --detect spectral-signatures --method l1-sparse ${twoEpochs} ${dense}`),
    leaves: ["cleanse/detected", "cleanse/detected.suspects.csv"],
  },
  ...["finetune-held-out", "fine-pruning", "clp", "anp", "i-bau"].map((method) =>
    step(`cleanse/${method}`, `${cleanse} --method ${method} ${optionsOf(method)} ${dense}`),
  ),
  step("cleanse/series", `${cleanse} ${suspects} --sparsities 0,0.9 --method finetune l1-sparse ${twoEpochs} ${dense}`),
  step("trojaned-pruned", `prune --model trojaned --sparsity 0.9 ${twoEpochs} ${sparse}`),
  step("cleanse/sparse", `cleanse --model trojaned-pruned ${suspects} --method finetune ${twoEpochs} ${sparse}`),
];
