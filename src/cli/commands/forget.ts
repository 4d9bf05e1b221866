import type { Command } from "@commander-js/extra-typings";
import { forgetConfig as configOfLibrary, type ForgetSelection } from "../../library/index.ts";
import { forgetDefaults, type RunRecord } from "../../record/index.ts";
import { type ForgetConfig, forgetStage, RunFolder } from "../../stages/index.ts";
import { ChoiceCommand } from "../choice-command.ts";
import { givenOptions } from "../choice.ts";
import { methodChoice } from "../choices.ts";
import { withContext } from "../context.ts";
import {
  allowUnverified,
  batchSize,
  device,
  engine,
  force,
  forgetFlags,
  headings,
  json,
  movedDataFolder,
  precision,
  seedOfModel,
} from "../flags.ts";
import { printRun } from "../print-run.ts";

/** `coppice forget`: the main job. Every method's options are flags; one the method does not have is refused. */
export function forgetCommand(): Command {
  const command = declare();
  command.action(async (options) => {
    const config = forgetConfig(options, RunFolder.open(options.model).requireFinished());
    await withContext({ force: options.force, how: `coppice resume ${options.out}` }, async (context) => {
      printRun(await forgetStage(config, options.out, context), options.out, options.json === true);
    });
  });
  return command as unknown as Command;
}

const declare = () =>
  new ChoiceCommand("forget", methodChoice)
    .summary("make a model forget a class, random images, or listed images")
    .description("Make a model forget a class, a random fraction of the training images, or listed images.")
    .optionsGroup(headings.forget)
    .requiredOption("--model <run>", "run folder of the model")
    .addOption(forgetFlags.class)
    .addOption(forgetFlags.random)
    .addOption(forgetFlags.count)
    .addOption(forgetFlags.ids)
    .addOption(forgetFlags.forgetSeed)
    .addOption(forgetFlags.withCopies)
    .addOption(forgetFlags.withMissing)
    .addOption(movedDataFolder)
    .addOption(allowUnverified)
    .optionsGroup(headings.how)
    .option("--method <name>", "unlearning method (`coppice methods` lists them)", forgetDefaults.method)
    .addOption(batchSize)
    .addOption(seedOfModel)
    .addOption(engine)
    .addOption(precision)
    .addOption(device)
    .optionsGroup(headings.output)
    .requiredOption("--out <folder>", "run folder to write")
    .addOption(force)
    .addOption(json)
    .addHelpText(
      "after",
      `
Each method has its own options: \`coppice forget --method ssd --help\` shows those of ssd.

Examples:
  coppice forget --model runs/original --method l1-sparse --class 3 --out runs/forgotten
  coppice forget --model runs/pruned --method finetune --random 0.1 --lr 0.04 --out runs/forgotten
  coppice forget --model runs/pruned --method retrain --ids forget.csv --out runs/oracle`,
    );

type Options = ReturnType<ReturnType<typeof declare>["opts"]>;

/**
 * The settings of the run; batch size and seed are the model's where none are given.
 * @param model the record of `options.model`
 * @throws CoppiceError E_ARG unless exactly one of the options says what to forget
 */
export function forgetConfig(options: Options, model: RunRecord): ForgetConfig {
  const how = { method: options.method, options: givenOptions(methodChoice, options) };
  return configOfLibrary({ path: options.model, record: model }, { selection: selectionOf(options), ...how }, options);
}

/** What to forget, as the flags of `forget` and `tune` say it. */
export function selectionOf({ class: classes, random, count, ids }: Selecting): ForgetSelection {
  return { classes, random, count, ids };
}

interface Selecting {
  readonly class?: readonly string[] | undefined;
  readonly random?: number | undefined;
  readonly count?: number | undefined;
  readonly ids?: string | undefined;
}
