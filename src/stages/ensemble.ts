/** Networks that a method or training in shards gives, as one model. */
import { Ensemble, memberName, type Model } from "../models/index.ts";
import type { Mask } from "../prune/index.ts";
import { disposeAll } from "../torch/index.ts";
import type { MethodResult } from "../unlearn/index.ts";
import { invariant } from "../util/errors.ts";
import { freshModel } from "./model-file.ts";

/** @param like of the same architecture, on the same device @returns the mask of every network as the model's */
export function assemble(
  { ensemble }: Required<Pick<MethodResult, "ensemble">>,
  like: Model,
  mask: Mask | null,
): { readonly model: Model; readonly mask: Mask | null } {
  const device = like.parameters()[0]?.device ?? "cpu";
  const model = freshModel({ ...like.spec, members: ensemble.length }, 0, device);
  if (!(model instanceof Ensemble)) {
    const [only] = ensemble;
    invariant(only, "an ensemble has a network at least");
    model.loadStateDict(only.state);
    disposeAll(only.state);
    return { model, mask };
  }
  model.members.forEach((member, s) => member.loadStateDict(ensemble[s]?.state ?? new Map()));
  model.weigh(ensemble.map(({ weight }) => weight));
  for (const { state } of ensemble) disposeAll(state);
  return { model, mask: mask?.under(ensemble.map((_, s) => memberName(s))) ?? null };
}
