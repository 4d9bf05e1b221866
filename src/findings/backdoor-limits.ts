/** From which attack success on a backdoor counts as planted, below which as cleansed, and how remarks write such a share. */
import { percentCell, percentTenths } from "../format/index.ts";
import type { BackdoorCell } from "../record/backdoor-experiment.ts";

/** Up to that attack success a Trojaned model carries nothing to cleanse. */
export const planted = 0.95;
/** Below that attack success, as a mean over seeds, a model counts as cleansed. */
export const cleansed = 0.2;

/** Whether the attack works on every seed's Trojaned model as it must. Attack success is that without images of the target class. */
export function isPlanted({ repetitions }: Pick<BackdoorCell, "repetitions">): boolean {
  return repetitions.every(({ before }) => before.ASR > planted);
}

/** `95 %`, with two digits more where a share would read as a limit that it is not. */
export function attackShare(fraction: number): string {
  const short = percentTenths(fraction);
  const looksLike = (limit: number): boolean => short === percentTenths(limit) && fraction !== limit;
  return `${looksLike(planted) || looksLike(cleansed) ? percentCell(fraction) : short.replace(/\.0$/, "")} %`;
}

/** `dense`, or `sparsity 0.9`. */
export function modelName(sparsity: number): string {
  return sparsity === 0 ? "dense" : `sparsity ${sparsity}`;
}
