/** The unlearning methods by name. */
import { expectChoice } from "../util/assert.ts";
import { invariant } from "../util/errors.ts";
import { finetune } from "./finetune.ts";
import { gradientAscent } from "./gradient-ascent.ts";
import { l1Sparse } from "./l1-sparse.ts";
import type { Method } from "./method.ts";
import { retrain } from "./retrain.ts";

export const methods: readonly Method[] = [retrain, finetune, gradientAscent, l1Sparse];

/** @throws CoppiceError E_ARG for an unknown name, suggesting the nearest. */
export function methodNamed(name: string): Method {
  const names = methods.map((method) => method.name);
  const found = methods.find((method) => method.name === expectChoice("method", name, names));
  invariant(found, `no method ${name}`);
  return found;
}
