import type { Command } from "@commander-js/extra-typings";
import { forgetConfig as configOfLibrary, type ForgetSelection, requestOf } from "../../library/index.ts";
import { forgetDefaults, type RunRecord } from "../../record/index.ts";
import {
  type ForgetConfig,
  forgetSetOf,
  forgetStage,
  prepareForget,
  RunFolder,
  sayOfForget,
} from "../../stages/index.ts";
import { ChoiceCommand } from "../choice-command.ts";
import { givenOptions } from "../choice.ts";
import { methodChoice } from "../choices.ts";
import { confirmForget, forgetSetLines } from "../confirm-forget.ts";
import { type CliContext, withContext } from "../context.ts";
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
  yes,
} from "../flags.ts";
import { keptCommand } from "../kept-command.ts";
import { namingFlags } from "../option-names.ts";
import { printRun } from "../print-run.ts";

/** `coppice forget`: the main job. Every method's options are flags; one the method does not have is refused. */
export function forgetCommand(): Command {
  const command = declare();
  command.action(async (options) => {
    await namingFlags(() => run(options));
  });
  return command as unknown as Command;
}

async function run(options: Options): Promise<void> {
  requestOf(selectionOf(options)); // what is asked for comes before what is there
  const config = forgetConfig(options, RunFolder.open(options.model).requireFinished());
  const { out, force, yes, dryRun, json } = options;
  await withContext({ force, how: `coppice resume ${out}` }, async (context) => {
    if (dryRun === true) return await showOnly(config, options, context);
    const confirm = confirmForget({ ...context, yes: yes === true });
    const command = keptCommand(context.command);
    printRun(await forgetStage(config, out, { ...context, command, confirm }), out, json === true);
  });
}

/** What would be done; everything that would be refused is refused. */
async function showOnly(config: ForgetConfig, { out, force }: Options, context: CliContext): Promise<void> {
  RunFolder.checkFree(out, force === true, [config.model, config.data.folder]);
  const prepared = await prepareForget(config, context);
  sayOfForget({ ...prepared, ...prepared.parent }, context.log);
  for (const line of forgetSetLines(forgetSetOf(prepared))) context.log(line);
  const options = Object.entries(prepared.options).map(([name, value]) => `${name} ${value}`);
  context.log(`how: ${[prepared.method.name, ...options].join(", ")}`);
  context.log(`nothing was written: a run would be in ${out}`);
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
    .addOption(forgetFlags.indices)
    .addOption(forgetFlags.idColumn)
    .addOption(forgetFlags.where)
    .addOption(forgetFlags.match)
    .addOption(forgetFlags.skipUntrained)
    .addOption(forgetFlags.alsoTest)
    .addOption(forgetFlags.faults)
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
    .addOption(yes)
    .option("--dry-run", "only say what would be forgotten, and how")
    .addOption(force)
    .addOption(json)
    .addHelpText(
      "after",
      `
Each method has its own options: \`coppice forget --method ssd --help\` shows those of ssd.

Examples:
  coppice forget --model runs/original --method l1-sparse --class 3 --out runs/forgotten
  coppice forget --model runs/pruned --method finetune --random 0.1 --lr 0.04 --out runs/forgotten
  coppice forget --model runs/pruned --method retrain --ids forget.csv --out runs/oracle
  coppice forget --model runs/original --ids requests.csv --id-column record --where customer=C-104 --out runs/forgotten`,
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
export function selectionOf({ class: classes, ...others }: Selecting): ForgetSelection {
  const { random, count, ids, indices, idColumn, where, match, skipUntrained, alsoTest, faults } = others;
  return { classes, random, count, ids, indices, idColumn, where, match, skipUntrained, alsoTest, faults };
}

interface Selecting extends Omit<ForgetSelection, "classes"> {
  readonly class?: readonly string[] | undefined;
}
