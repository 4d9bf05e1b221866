/** What a backdoor experiment shows: the published findings it has cells for, and remarks on each attack. */
import type { BackdoorCell, BackdoorExperimentRecord } from "../record/backdoor-experiment.ts";
import { groupBy } from "../util/lists.ts";
import { attackSuccessFalls } from "./attack-success-falls.ts";
import type { BackdoorFinding } from "./finding.ts";
import { nothingToCleanse } from "./nothing-to-cleanse.ts";
import { backdoorFindings } from "./registry.ts";

export function judgeBackdoorExperiment(
  cells: readonly BackdoorCell[],
): Pick<BackdoorExperimentRecord, "findings" | "remarks"> {
  // What was published is of lists that hold exactly the poisoned images.
  const exact = cells.filter(({ suspects }) => suspects === undefined);
  return {
    findings: Object.values(backdoorFindings).flatMap((finding) => judge(finding, exact)),
    remarks: remarksOn(cells),
  };
}

function judge(finding: BackdoorFinding, cells: readonly BackdoorCell[]): BackdoorExperimentRecord["findings"] {
  const { attack, claim, published } = finding;
  const selected = finding.select(cells);
  return selected.length === 0 ? [] : [{ attack, claim, published, ...finding.judge(selected) }];
}

/** For each attack first where there is nothing to cleanse, then whether the attack success fell. */
function remarksOn(cells: readonly BackdoorCell[]): BackdoorExperimentRecord["remarks"] {
  return groupBy(cells, ({ attack }) => attack).flatMap((own) => {
    const [{ attack }] = own;
    return [...nothingToCleanse(own), ...attackSuccessFalls(own)].map((text) => ({ attack, text }));
  });
}
