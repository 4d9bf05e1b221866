/** Every unlearning method, from the dense original and from the pruned one on either engine, and options that take another way. */
import { aClass, atRandom, dense, sparse, step, type Step, twoEpochs } from "./step.ts";

/** Options by method where it is not `twoEpochs`: little work that moves weights. */
const options: Readonly<Record<string, string>> = {
  fisher: "--alpha 3e-8",
  influence: "--samples 16",
  ssd: "--alpha 1.5",
  scrub: "--epochs 2 --max-epochs 1",
  unsir: "--noise-images 8 --noise-steps 2 --noise-repeats 1",
  sisa: "--epochs 2 --shards 3 --slices 2",
  clp: "--u 1",
  anp: "--iterations 4 --lr 1000 --tolerance 1",
  "i-bau": "--rounds 1 --lr 1e-3",
};

export const optionsOf = (method: string): string => options[method] ?? twoEpochs;

/** Methods that need more than live weights: the dense engine alone computes them. */
const needDense = "fisher influence ssd msg ct fine-pruning clp anp i-bau".split(" ");
/** Methods that forget nothing but whole classes. */
const needClass = ["unsir"];

/** Model, method and options by name. */
const variants: Readonly<Record<string, string>> = {
  "class-retrain": "original --method retrain",
  "class-finetune": `original --method finetune ${twoEpochs}`,
  "class-gradient-ascent": `original --method gradient-ascent ${twoEpochs} --gamma 1e-4`,
  "class-random-label": `original --method random-label ${twoEpochs} --order mixed --labels other`,
  "class-boundary-expand": `original --method boundary-expand ${twoEpochs}`,
  "retrain-exact": `pruned --method retrain --form exact ${dense}`,
  "retrain-sam": `original --method retrain ${twoEpochs} --sam 0.05`,
  "retrain-sam-plain": `original --method retrain ${twoEpochs} --sam 0.05 --sam-form plain`,
  "l1-proximal": `original --method l1-sparse ${twoEpochs} --solver proximal --gamma 1e-2`,
  "l1-increase": `pruned --method l1-sparse ${twoEpochs} --schedule increase --tail-epochs 1 ${sparse}`,
  "fisher-reference": "original --method fisher --variant reference",
  "influence-reference": "original --method influence --variant reference --samples 16",
  "salun-reference": `original --method salun ${twoEpochs} --variant reference --order mixed`,
  "ssd-batch": `pruned --method ssd --alpha 1.5 --importance batch ${sparse}`,
  "scrub-rewind": "original --method scrub --epochs 2 --max-epochs 1 --rewind validation",
  "sisa-ensemble": "ensemble --method sisa",
  "sisa-proportional": "ensemble --method sisa --weights proportional",
  resnet18: `prune/resnet18 --method finetune --epochs 1 ${sparse}`,
  resnet50: `prune/resnet50 --method finetune --epochs 1 ${sparse}`,
};

const onKernels = `forget --model pruned --method finetune --epochs 1 ${aClass} ${sparse}`;

/** @param given names of the methods, and whether the processor multiplies in bf16 */
export function forgetSteps(given: { readonly methods: readonly string[]; readonly bf16: boolean }): Step[] {
  const { methods } = given;
  const forget = (name: string, settings: string): Step => step(name, `forget --model ${settings}`);
  return [
    ...methods.map((method) => {
      const who = needClass.includes(method) ? aClass : atRandom;
      return forget(`forget/${method}`, `original --method ${method} ${who} ${optionsOf(method)} ${dense}`);
    }),
    ...methods.map((method) =>
      forget(`forget-pruned/${method}`, `pruned --method ${method} ${aClass} ${optionsOf(method)} ${dense}`),
    ),
    ...methods
      .filter((method) => !needDense.includes(method))
      .map((method) =>
        forget(`forget-sparse/${method}`, `pruned --method ${method} ${aClass} ${optionsOf(method)} ${sparse}`),
      ),
    ...Object.entries(variants).map(([name, settings]) => forget(`variants/${name}`, `${settings} ${aClass}`)),
    // Kernels that every machine has; above, those that are the fastest.
    ...["portable", "scalar"].map((kernels) => ({
      ...step(`kernels/${kernels}`, onKernels),
      environment: { COPPICE_KERNELS: kernels },
    })),
    ...(given.bf16 ? [step("kernels/bf16", `${onKernels} --precision bf16`)] : []),
  ];
}
