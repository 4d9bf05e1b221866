/** The engine of a stage: chosen once, said, recorded, and kept when the stage is resumed. */
import type { Model } from "../models/index.ts";
import type { Mask } from "../prune/index.ts";
import type { RunRecord } from "../record/index.ts";
import { checkSparse, chooseEngine, type EngineChoice } from "../sparse/index.ts";
import { defined } from "../util/defined.ts";
import type { EngineConfig } from "./config.ts";
import type { StageContext } from "./stage.ts";

/**
 * What can be said before a model is made, so that nothing is touched when it cannot be.
 * @throws CoppiceError E_CONFIG when the sparse engine is demanded where it cannot run.
 */
export function checkEngine(settings: EngineConfig, masked: boolean, device: string): void {
  const lacking = !masked ? "a model without a mask" : device === "cpu" ? null : `device ${device}`;
  checkSparse(settings, lacking);
}

/** @throws CoppiceError E_CONFIG when the sparse engine is demanded of a method that needs more than it has. */
export function checkNeeds(settings: EngineConfig, needsDense: string | undefined): void {
  if (needsDense !== undefined) checkSparse(settings, `one for a method that needs ${needsDense}`);
}

/** A resumed stage goes on with the engine it began with: its checkpoint holds that one's optimiser state. */
export async function chooseRunEngine(
  record: Pick<RunRecord, "engine">,
  { engine, precision, needsDense }: EngineConfig & { readonly needsDense?: string | undefined },
  { model, mask }: { readonly model: Model; readonly mask: Mask | null },
  context: StageContext,
): Promise<EngineChoice | null> {
  checkNeeds(defined({ engine, precision }), needsDense);
  if (needsDense !== undefined && mask !== null) {
    context.log(`dense engine: the method needs ${needsDense}`);
    return { name: "dense", reason: `the method needs ${needsDense}` };
  }
  if (record.engine !== undefined) return record.engine;
  const choice = await chooseEngine(engine ?? "auto", model, mask, { precision, log: context.log });
  if (choice !== null)
    context.log(`${choice.name} engine${choice.precision === undefined ? "" : " in bf16"}: ${choice.reason}`);
  return choice;
}

export function engineRecord(choice: EngineChoice | null): Pick<RunRecord, "engine"> {
  return choice === null ? {} : { engine: choice };
}
