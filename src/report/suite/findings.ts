/** What a suite shows, in sentences computed from its numbers. `docs/report.md` states the rules. */
import type { SuiteRecord, SuiteScenario } from "../../record/index.ts";
import { disparityOf } from "../run/compare.ts";
import { duration, listing, loss, plural, points } from "../../format/index.ts";
import { groupsOf, pairedMethods } from "./suite-rows.ts";
import type { SuiteGroup, SuiteRow } from "./suite-rows.ts";
import type { Verdict } from "../run/verdict.ts";

/** Differences of Disparity Ave. under half a point are none. */
const MATTERS = 0.005;
/** Originals whose training losses differ by this factor have not fitted equally well. */
const UNEQUAL_LOSS = 2;

/** Whether starting from the pruned original brought a method closer to Retrain. */
export interface SparsityEffect {
  readonly scenario: string;
  readonly method: string;
  /** Disparity Ave. from the dense and from the pruned original. */
  readonly dense: number;
  readonly pruned: number;
  readonly outcome: "closer" | "further" | "unclear";
}

/** The effect of pruning first on every method that was run both ways. */
export function sparsityEffects(scenario: SuiteScenario): SparsityEffect[] {
  const groups = groupsOf(scenario);
  return pairedMethods(groups).flatMap(({ label, rows }) => {
    const dense = measured(rows[0]);
    return rows.slice(1).flatMap((row) => {
      const pruned = measured(row);
      if (dense === undefined || pruned === undefined) return [];
      const change = pruned.value - dense.value;
      const certain = Math.abs(change) > Math.max(MATTERS, Math.hypot(dense.halfWidth, pruned.halfWidth));
      const outcome = !certain ? "unclear" : change < 0 ? "closer" : "further";
      return [{ scenario: scenario.name, method: label, dense: dense.value, pruned: pruned.value, outcome } as const];
    });
  });
}

/** The verdict on a whole suite. */
export function suiteVerdict(suite: SuiteRecord): Verdict {
  const effects = suite.scenarios.flatMap(sparsityEffects);
  return {
    level: "neutral",
    label: "What this shows",
    headline: headlineOf(
      effects,
      suite.scenarios.some((scenario) => unequalOriginals(scenario) !== undefined),
    ),
    sentences: suite.scenarios.flatMap((scenario) => scenarioSentences(scenario)),
  };
}

/** What the effects of one scenario are, in a sentence; nothing when no method was run both ways. */
export function sparsitySentence(scenario: SuiteScenario): string | undefined {
  const effects = sparsityEffects(scenario);
  if (effects.length === 0) return undefined;
  const part = (outcome: SparsityEffect["outcome"], text: string): string[] => {
    const members = effects.filter((effect) => effect.outcome === outcome);
    if (members.length === 0) return [];
    const shown = members.map(({ method, dense, pruned }) => `${method} (${cell(dense)} to ${cell(pruned)})`);
    return [`${text} ${listing(shown)}`];
  };
  const parts = [
    ...part("closer", "brought closer to Retrain:"),
    ...part("further", "taken further away:"),
    ...part("unclear", "no difference beyond chance:"),
  ];
  return `Pruning first, by Disparity Ave. in points — ${parts.join("; ")}.`;
}

/** A warning where the originals of a scenario have not fitted their data equally well. */
export function unequalOriginals(scenario: SuiteScenario): string | undefined {
  const losses = groupsOf(scenario).map(({ original, rows }) => ({
    original,
    value: rows[0]?.evaluation.originalTrainLoss ?? Number.NaN,
  }));
  const values = losses.map(({ value }) => value).filter((value) => value > 0);
  if (values.length < 2 || Math.max(...values) / Math.min(...values) < UNEQUAL_LOSS) return undefined;
  const shown = losses.map(({ original, value }) => `${loss(value)} ${original}`);
  return `The originals have not fitted their data equally well (training loss ${listing(shown)}). How well an original has fitted moves UA and MIA by itself, so a difference between dense and pruned need not come from sparsity.`;
}

function headlineOf(effects: readonly SparsityEffect[], confounded: boolean): string {
  if (effects.length === 0) {
    return "No method was run from both a dense and a pruned original with an oracle, so nothing can be said of sparsity.";
  }
  const number = (outcome: SparsityEffect["outcome"]): number => effects.filter((e) => e.outcome === outcome).length;
  const [closer, further, unclear] = [number("closer"), number("further"), number("unclear")];
  const counts = `of ${plural(effects.length, "comparison")}, ${closer || "none"} came closer to Retrain, ${further || "none"} went further away and ${unclear || "none"} did not differ beyond chance`;
  const caveat = confounded ? " But the originals had not fitted equally well, which alone can have this effect." : "";
  return `${summaryOf(closer, further, unclear)}: ${counts}.${closer + further > 0 ? caveat : ""}`;
}

function summaryOf(closer: number, further: number, unclear: number): string {
  if (closer === 0 && further === 0) return "Pruning first made no difference beyond chance";
  if (closer > 0 && further === 0)
    return `After pruning first, forgetting came closer to Retrain${unclear > closer ? " in some cases" : ""}`;
  if (further > 0 && closer === 0)
    return `After pruning first, forgetting was further from Retrain${unclear > further ? " in some cases" : ""}`;
  return "What pruning first does depends on method and scenario";
}

function scenarioSentences(scenario: SuiteScenario): string[] {
  const closest = groupsOf(scenario).flatMap((group) => closestIn(group));
  return closest.length === 0 ? [] : [`${scenario.name}: closest to Retrain came ${listing(closest)}.`];
}

function closestIn({ original, rows }: SuiteGroup): string[] {
  const methods = rows.filter(({ role }) => role === "method");
  const ranked = methods
    .map((row) => ({ row, disparity: row.evaluation.disparityAverage }))
    .filter((entry): entry is { row: SuiteRow; disparity: number } => entry.disparity !== undefined)
    .toSorted((a, b) => a.disparity - b.disparity);
  const best = ranked[0];
  if (best === undefined) return [];
  const { metrics, oracle } = best.row.evaluation;
  const time =
    oracle === undefined
      ? ""
      : `, in ${duration(metrics.RTE.seconds)} against Retrain's ${duration(oracle.metrics.RTE.seconds)}`;
  return [`${best.row.label} from the ${original} original (${points(best.disparity)} away on average${time})`];
}

function measured(row: SuiteRow | undefined): { readonly value: number; readonly halfWidth: number } | undefined {
  const oracle = row?.evaluation.oracle;
  return row === undefined || oracle === undefined ? undefined : disparityOf(row.evaluation.metrics, oracle.metrics);
}

function cell(disparity: number): string {
  return (disparity * 100).toFixed(1);
}
