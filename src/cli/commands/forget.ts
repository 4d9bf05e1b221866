import { Command } from "@commander-js/extra-typings";
import type { ForgetRequest } from "../../data/forget-set.ts";
import { forgetStage, RunFolder } from "../../stages/index.ts";
import { recipeOf } from "../../stages/parent.ts";
import { methods } from "../../unlearn/index.ts";
import { CoppiceError } from "../../util/errors.ts";
import { withContext } from "../context.ts";
import { givenOptions, methodFlags } from "../method-flags.ts";
import { engineOption, integerOption, numberOption, precisionOption } from "../parse.ts";
import { printRun } from "../print-run.ts";

/** `coppice forget`: the main job. Every method's options are flags; one the method does not have is refused. */
export function forgetCommand(): Command {
  const command = new Command("forget")
    .description("make a model forget a class, a random share, or listed records")
    .requiredOption("--model <run>", "run folder of the model")
    .requiredOption("--out <folder>", "run folder to write")
    .option("--method <name>", `unlearning method: ${methods.map(({ name }) => name).join(", ")}`, "l1-sparse")
    .option("--class <names...>", "forget whole classes, by number or name")
    .option("--random <fraction>", "forget this share of the training images", numberOption)
    .option("--count <n>", "forget this many random training images", integerOption)
    .option("--ids <file>", "forget the records listed in a CSV or JSON file")
    .option("--forget-seed <n>", "seed of a random forget set (default: the split's)", integerOption)
    .option("--batch-size <n>", "images per step (default: the original's)", integerOption)
    .option("--data-folder <folder>", "where the data are, if no longer where they were")
    .option("--allow-unverified", "use files whose checksums are not the published ones")
    .option("--seed <n>", "everything random follows from it (default: the model's)", integerOption)
    .option(
      "--engine <name>",
      "how a pruned model is computed: sparse (its live weights only), dense (under the mask) or auto",
      engineOption,
      "auto" as const,
    )
    .option(
      "--precision <name>",
      "of activations on the sparse engine: float32 or bf16 (faster; processors with AVX512_BF16)",
      precisionOption,
      "float32" as const,
    )
    .option("--device <name>", "cpu or cuda", "cpu")
    .option("--force", "replace an earlier run in the folder")
    .option("--json", "print the run's record");
  for (const flag of methodFlags()) command.addOption(flag);
  command.addHelpText(
    "after",
    "\nExamples:\n  coppice forget --model runs/original --method l1-sparse --class 3 --out runs/forgotten\n" +
      "  coppice forget --model runs/pruned --method finetune --random 0.1 --lr 0.04 --out runs/forgotten\n" +
      "  coppice forget --model runs/pruned --method retrain --ids forget.csv --out runs/oracle",
  );
  command.action(async (options) => {
    const record = RunFolder.open(options.model).requireFinished();
    const config = {
      model: options.model,
      request: requestOf(options),
      ...(options.forgetSeed === undefined ? {} : { forgetSeed: options.forgetSeed }),
      method: options.method,
      options: givenOptions(options),
      batchSize: options.batchSize ?? recipeOf(record).batchSize,
      data: {
        allowUnverified: options.allowUnverified === true,
        ...(options.dataFolder === undefined ? {} : { folder: options.dataFolder }),
      },
      seed: options.seed ?? record.seed,
      engine: options.engine,
      precision: options.precision,
      device: options.device,
    };
    await withContext({ force: options.force, how: `coppice resume ${options.out}` }, async (context) => {
      printRun(await forgetStage(config, options.out, context), options.out, options.json === true);
    });
  });
  return command as unknown as Command;
}

export interface RequestOptions {
  readonly class?: readonly string[] | undefined;
  readonly random?: number | undefined;
  readonly count?: number | undefined;
  readonly ids?: string | undefined;
}

/** Exactly one of the ways to say what must be forgotten. */
export function requestOf(options: RequestOptions): ForgetRequest {
  const requests: ForgetRequest[] = [];
  if (options.class !== undefined) requests.push({ kind: "class", classes: options.class });
  if (options.random !== undefined) requests.push({ kind: "random", fraction: options.random });
  if (options.count !== undefined) requests.push({ kind: "random", count: options.count });
  if (options.ids !== undefined) requests.push({ kind: "ids", file: options.ids });
  const [request] = requests;
  if (request === undefined || requests.length > 1) {
    throw new CoppiceError(
      "E_ARG",
      `what to forget: expected one of --class, --random, --count and --ids, got ${requests.length}`,
      {
        hint: "for example --class 3, --random 0.1 or --ids forget.csv",
      },
    );
  }
  return request;
}
