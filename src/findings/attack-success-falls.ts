/** Remark: whether the attack success fell, as a mean over seeds, below what counts as cleansed. */
import type { BackdoorCell } from "../record/backdoor-experiment.ts";
import { groupBy } from "../util/lists.ts";
import { attackShare, cleansed, isPlanted, modelName } from "./backdoor-limits.ts";

/** One for each way to cleanse. @param cells of one attack */
export function attackSuccessFalls(cells: readonly BackdoorCell[]): string[] {
  return groupBy(cells, ({ label }) => label).map(remarkOn);
}

/** Of cells of one attack and way to cleanse. */
function remarkOn(cells: readonly [BackdoorCell, ...BackdoorCell[]]): string {
  const [{ attack, label }] = cells;
  const judged = cells.filter((cell) => cell.ASR !== undefined && isPlanted(cell));
  if (judged.length === 0) {
    return `${attack}: whether ${label} brings the attack success down is not judged: no model with a planted backdoor was cleansed to the end`;
  }
  const changes = (some: readonly BackdoorCell[]): string => some.map(changeOf).join(", ");
  const [fell, stayed] = [judged.filter(isCleansed), judged.filter((cell) => !isCleansed(cell))];
  const limit = `the attack success on average below ${attackShare(cleansed)}`;
  if (fell.length === 0) {
    const where = new Set(cells.map(({ sparsity }) => sparsity)).size > 1 ? " at any sparsity" : "";
    return `${attack}: ${label} did not bring ${limit}${where}: ${changes(stayed)}`;
  }
  const but = stayed.length === 0 ? "" : `; it did not elsewhere: ${changes(stayed)}`;
  return `${attack}: ${label} brought ${limit}: ${changes(fell)}${but}`;
}

function isCleansed({ ASR }: BackdoorCell): boolean {
  return ASR !== undefined && ASR.mean < cleansed;
}

function changeOf({ sparsity, ASRBefore, ASR }: BackdoorCell): string {
  const [from, to] = [ASRBefore, ASR].map((summary) => (summary === undefined ? "unknown" : attackShare(summary.mean)));
  return `${modelName(sparsity)} from ${from} to ${to} (n = ${ASR?.n ?? 0})`;
}
