/**
 * What a grid of cleanses shows of each attack, in plain sentences: where no backdoor was planted, so that there is nothing to cleanse, and
 * where the attack success fell.
 *
 * Attack success is that without images of the target class, the default form.
 */
import type { CleansingCell, CleansingRecord } from "../record/cleansing.ts";
import { groupBy } from "../util/lists.ts";

/** Up to that attack success a Trojaned model carries nothing to cleanse. */
export const planted = 0.95;
/** Below that attack success, as a mean over seeds, a model counts as cleansed. */
export const cleansed = 0.2;

type Remark = CleansingRecord["remarks"][number];

/** Two kinds for each attack: what there is nothing to cleanse of, one a sparsity, then whether the attack success fell, one a way to cleanse. */
export function cleansingRemarks(cells: readonly CleansingCell[]): Remark[] {
  return groupBy(cells, ({ attack }) => attack).flatMap((own) => {
    const [{ attack }] = own;
    const nothing = groupBy(own, ({ sparsity }) => String(sparsity)).flatMap(nothingToCleanse);
    const falls = groupBy(own, ({ label }) => label).map((way) => fallOf(attack, way));
    return [...nothing, ...falls].map((text) => ({ attack, text }));
  });
}

/** Whether the attack works on every seed's Trojaned model as it must. */
export function isPlanted({ repetitions }: Pick<CleansingCell, "repetitions">): boolean {
  return repetitions.every(({ before }) => before.ASR > planted);
}

/** Of cells of one attack and sparsity, which start from the same models. */
function nothingToCleanse(cells: readonly [CleansingCell, ...CleansingCell[]]): string[] {
  const [{ attack, sparsity }] = cells;
  const before = new Map(
    cells.flatMap(({ repetitions }) => repetitions.map(({ seed, before: { ASR } }) => [seed, ASR])),
  );
  const low = [...before].filter(([, ASR]) => ASR <= planted).toSorted(([a], [b]) => a - b);
  if (low.length === 0) return [];
  const each = low.map(([seed, ASR]) => `${shown(ASR)} with seed ${seed}`).join(", ");
  const which = low.length === before.size ? "" : ` (${low.length} of ${before.size} seeds)`;
  return [
    `nothing to cleanse: ${attack}, ${model(sparsity)}, has an attack success of ${each}${which} before, where more than ${shown(planted)} is asked for`,
  ];
}

/** Of cells of one attack and way to cleanse. */
function fallOf(attack: string, cells: readonly [CleansingCell, ...CleansingCell[]]): string {
  const [{ label }] = cells;
  const judged = cells.filter((cell) => cell.ASR !== undefined && isPlanted(cell));
  if (judged.length === 0) {
    return `${attack}: whether ${label} brings the attack success down is not judged, because it ended from no model with a planted backdoor`;
  }
  const inWords = (some: readonly CleansingCell[]): string => some.map(changeOf).join(", ");
  const [fell, stayed] = [judged.filter(isCleansed), judged.filter((cell) => !isCleansed(cell))];
  const limit = `the attack success on average below ${shown(cleansed)}`;
  if (fell.length === 0) {
    const where = new Set(cells.map(({ sparsity }) => sparsity)).size > 1 ? " at any sparsity" : "";
    return `${attack}: ${label} did not bring ${limit}${where}: ${inWords(stayed)}`;
  }
  const but = stayed.length === 0 ? "" : `; it did not elsewhere: ${inWords(stayed)}`;
  return `${attack}: ${label} brought ${limit}: ${inWords(fell)}${but}`;
}

function isCleansed({ ASR }: CleansingCell): boolean {
  return ASR !== undefined && ASR.mean < cleansed;
}

function changeOf({ sparsity, ASRBefore, ASR }: CleansingCell): string {
  const [from, to] = [ASRBefore, ASR].map((summary) => (summary === undefined ? "unknown" : shown(summary.mean)));
  return `${model(sparsity)} from ${from} to ${to} (n = ${ASR?.n ?? 0})`;
}

function model(sparsity: number): string {
  return sparsity === 0 ? "dense" : `sparsity ${sparsity}`;
}

/** One decimal, two where one would make 0.9499 the limit itself. */
function shown(fraction: number): string {
  const short = (100 * fraction).toFixed(1);
  const isLimit = (limit: number): boolean => short === (100 * limit).toFixed(1) && fraction !== limit;
  return `${isLimit(planted) || isLimit(cleansed) ? (100 * fraction).toFixed(2) : short.replace(/\.0$/, "")} %`;
}
