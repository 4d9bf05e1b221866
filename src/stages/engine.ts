/** The engine of a stage: chosen once, said, recorded, and kept when the stage is resumed. */
import type { Model } from "../models/index.ts";
import type { Mask } from "../prune/index.ts";
import type { RunRecord } from "../record/index.ts";
import { chooseEngine, type EngineChoice, engines, precisions } from "../sparse/index.ts";
import { expectChoice } from "../util/assert.ts";
import { CoppiceError } from "../util/errors.ts";
import type { EngineSettings } from "./config.ts";
import type { StageContext } from "./stage.ts";

/**
 * What can be said before a model is made, so that nothing is touched when it cannot be.
 * @throws CoppiceError E_ARG for an unknown engine, E_CONFIG when the sparse engine is demanded where it cannot run.
 */
export function checkEngine(
  { engine = "auto", precision = "float32" }: EngineSettings,
  masked: boolean,
  device: string,
): void {
  expectChoice("engine", engine, engines);
  expectChoice("precision", precision, precisions);
  if (precision === "bf16" && (!masked || device !== "cpu" || engine === "dense")) {
    const got = !masked ? "a model without a mask" : device !== "cpu" ? `device ${device}` : "engine dense";
    throw new CoppiceError(
      "E_CONFIG",
      `--precision bf16: expected a pruned model on the CPU, on the sparse engine, got ${got}`,
      {
        hint: "leave --precision out",
      },
    );
  }
  if (engine !== "sparse" || (masked && device === "cpu")) return;
  const got = masked ? `device ${device}` : "a model without a mask";
  throw new CoppiceError("E_CONFIG", `--engine sparse: expected a pruned model on the CPU, got ${got}`, {
    hint: "leave --engine out, or prune the model first",
  });
}

/** @throws CoppiceError E_CONFIG when the sparse engine is demanded of a method that needs more than it has. */
export function checkNeeds({ engine, precision }: EngineSettings, needsDense: string | undefined): void {
  if (needsDense === undefined || (engine !== "sparse" && precision !== "bf16")) return;
  throw new CoppiceError(
    "E_CONFIG",
    `--engine sparse: expected a method that live weights are enough for, got one that needs ${needsDense}`,
    {
      hint: "leave --engine and --precision out",
    },
  );
}

/** A resumed stage goes on with the engine it began with: its checkpoint holds that one's optimiser state. */
export async function chosenEngine(
  record: RunRecord,
  { engine, precision, needsDense }: EngineSettings & { readonly needsDense?: string | undefined },
  { model, mask }: { readonly model: Model; readonly mask: Mask | null },
  context: StageContext,
): Promise<EngineChoice | null> {
  checkNeeds({ ...(engine && { engine }), ...(precision && { precision }) }, needsDense);
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
