/** Remark: where no backdoor was planted, so that there is nothing to cleanse. */
import type { BackdoorCell } from "../record/backdoor-experiment.ts";
import { groupBy } from "../util/lists.ts";
import { attackShare, modelName, planted } from "./backdoor-limits.ts";

/** One for each sparsity with such a model. @param cells of one attack */
export function nothingToCleanse(cells: readonly BackdoorCell[]): string[] {
  return groupBy(cells, ({ sparsity }) => String(sparsity)).flatMap(remarkOn);
}

/** Cells of one attack and sparsity start from the same models. */
function remarkOn(cells: readonly [BackdoorCell, ...BackdoorCell[]]): string[] {
  const [{ attack, sparsity }] = cells;
  const before = new Map(
    cells.flatMap(({ repetitions }) => repetitions.map(({ seed, before: { ASR } }) => [seed, ASR])),
  );
  const low = [...before].filter(([, ASR]) => ASR <= planted).toSorted(([a], [b]) => a - b);
  if (low.length === 0) return [];
  const each = low.map(([seed, ASR]) => `${attackShare(ASR)} with seed ${seed}`).join(", ");
  const which = low.length === before.size ? "" : ` (${low.length} of ${before.size} seeds)`;
  return [
    `nothing to cleanse: ${attack}, ${modelName(sparsity)}, has an attack success of ${each}${which} before, where more than ${attackShare(planted)} is asked for`,
  ];
}
