/** Published findings beside what came out, as a table in Markdown. */
import type { BackdoorExperimentRecord, ExperimentRecord } from "../record/index.ts";
import { markdownTable } from "./text-tables.ts";

type Finding = Pick<ExperimentRecord["findings"][number], "claim" | "published" | "ours" | "verdict"> &
  Partial<Pick<BackdoorExperimentRecord["findings"][number], "attack">>;

/** Nothing where there are none; a column for the attack where each has a separate verdict. */
export function findingsTable(findings: readonly Finding[]): string {
  if (findings.length === 0) return "";
  const byAttack = findings.some(({ attack }) => attack !== undefined);
  const head = [...(byAttack ? ["Attack"] : []), "Finding", "Published", "Here", "Verdict"];
  const rows = findings.map(({ attack, claim, published, ours, verdict }) => [
    ...(byAttack ? [attack ?? ""] : []),
    claim,
    published,
    ours,
    verdict,
  ]);
  return markdownTable("Published findings", head, rows, head.length);
}
