/** The unlearning methods by name. */
import { Registry } from "../util/registry.ts";
import { anp } from "./anp.ts";
import { badTeacher } from "./bad-teacher.ts";
import { boundaryExpand } from "./boundary-expand.ts";
import { boundaryShrink } from "./boundary-shrink.ts";
import { cfK } from "./cf-k.ts";
import { clp } from "./clp.ts";
import { ct } from "./ct.ts";
import { euK } from "./eu-k.ts";
import { finePruning } from "./fine-pruning.ts";
import { finetuneHeldOut } from "./finetune-held-out.ts";
import { finetunePrune } from "./finetune-prune.ts";
import { fisher } from "./fisher.ts";
import { finetune } from "./finetune.ts";
import { gradientAscent } from "./gradient-ascent.ts";
import { iBau } from "./i-bau.ts";
import { influence } from "./influence.ts";
import { l1Sparse } from "./l1-sparse.ts";
import { checkMethod, type Method, readsTrainingImages } from "./method.ts";
import { msg } from "./msg.ts";
import { negGradPlus } from "./neggrad-plus.ts";
import { randomLabel } from "./random-label.ts";
import { retrain } from "./retrain.ts";
import { salun } from "./salun.ts";
import { scrub } from "./scrub.ts";
import { sisa } from "./sisa.ts";
import { ssd } from "./ssd.ts";
import { unsir } from "./unsir.ts";

export const methodRegistry = new Registry<Method>(
  "method",
  [
    retrain,
    finetune,
    gradientAscent,
    l1Sparse,
    finetunePrune,
    fisher,
    influence,
    randomLabel,
    salun,
    ssd,
    scrub,
    negGradPlus,
    badTeacher,
    boundaryShrink,
    boundaryExpand,
    euK,
    cfK,
    msg,
    ct,
    unsir,
    sisa,
    finetuneHeldOut,
    finePruning,
    clp,
    anp,
    iBau,
  ],
  checkMethod,
);

export const methods: readonly Method[] = methodRegistry.all;

/** @throws CoppiceError E_ARG for an unknown name, suggesting the nearest */
export function methodNamed(name: string): Method {
  return methodRegistry.named(name);
}

/** Names of those that read no training images, so that nobody need say which are to be forgotten. */
export function methodsWithoutTrainingImages(): string[] {
  return methods.filter((method) => !readsTrainingImages(method)).map(({ name }) => name);
}
