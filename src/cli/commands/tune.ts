import { join } from "node:path";
import type { Command } from "@commander-js/extra-typings";
import { forgetDefaults, type RunRecord, type TuneRecord } from "../../record/index.ts";
import { renderTuneReport, renderTuneTable } from "../../report/index.ts";
import { forgetSetOf, RunFolder } from "../../stages/index.ts";
import { recipeOf } from "../../stages/parent.ts";
import { defaultWithhold, prepareTune, runTune, type TuneConfig } from "../../tune/index.ts";
import { defined } from "../../util/defined.ts";
import { CoppiceError } from "../../util/errors.ts";
import { writeFileAtomic } from "../../util/files.ts";
import { ChoiceCommand } from "../choice-command.ts";
import { givenOptions } from "../choice.ts";
import { methodChoice } from "../choices.ts";
import { confirmForget, forgetSetLines } from "../confirm-forget.ts";
import { type CliContext, sameCommand, withContext } from "../context.ts";
import {
  allowUnverified,
  batchSize,
  device,
  engineIfGiven,
  forgetFlags,
  headings,
  json,
  movedDataFolder,
  precisionIfGiven,
  seedOfModel,
  yes,
} from "../flags.ts";
import { keptCommand } from "../kept-command.ts";
import { namingFlags } from "../option-names.ts";
import { integerOption, numberOption } from "../parse.ts";
import { printTunePlan } from "../print-tune-plan.ts";
import { dataFiles, requestOf } from "../../library/index.ts";
import { selectionOf } from "./forget.ts";
import { print, printJson } from "../output.ts";

/** `coppice tune`: a method's options, searched without the test set and without Retrain. */
export function tuneCommand(): Command {
  const command = declare();
  command.action(async (options) => {
    await namingFlags(() => run(options));
  });
  return command as unknown as Command;
}

async function run(options: Options): Promise<void> {
  requestOf(selectionOf(options)); // what is asked for comes before what is there
  const config = tuneConfig(options, RunFolder.open(options.model).requireFinished());
  await withContext({ how: sameCommand() }, async (outer) => {
    const context = { ...outer, command: keptCommand(outer.command) };
    if (options.plan === true) {
      const tune = await prepareTune(config, context);
      for (const line of forgetSetLines(forgetSetOf(tune))) context.log(line);
      return printTunePlan(tune);
    }
    const confirm = confirmForget({ ...context, yes: options.yes === true });
    await tune(config, { out: options.out, json: options.json === true, context: { ...context, confirm } });
  });
}

const declare = () =>
  new ChoiceCommand("tune", methodChoice)
    .summary("search for a method's options, without test set and Retrain")
    .description("Search for a method's options on held-out images. Uses neither the test set nor Retrain.")
    .optionsGroup(headings.forget)
    .requiredOption("--model <run>", "run folder of the model, of an original trained with --validation")
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
    .option(
      "--search <ranges>",
      "OPTION=LOW:HIGH[:log] or OPTION=A|B, separated by commas (default: ranges around the defaults)",
    )
    .option("--trials <n>", "number of trials (default: 16, or as many as fit into --minutes)", integerOption)
    .option("--minutes <n>", "start no trial after this many minutes", numberOption)
    .option(
      "--withhold <fraction>",
      "fraction of the retained images that the method does not get, to score it on",
      numberOption,
      defaultWithhold,
    )
    .addOption(batchSize)
    .addOption(seedOfModel)
    .addOption(engineIfGiven)
    .addOption(precisionIfGiven)
    .addOption(device)
    .optionsGroup(headings.output)
    .requiredOption("--out <folder>", "folder for trials, record and report; run again, the search continues")
    .option("--plan", "only print what would be searched, on which images and in how many trials")
    .addOption(yes)
    .addOption(json)
    .addHelpText(
      "after",
      `
An option of the method that is given, as --epochs 5, keeps this value. Options that are neither given nor searched are as in \`coppice forget\`.
\`coppice tune --method ssd --help\` shows the options of ssd. The exit code is 1 where nothing that was tried is better than leaving the model as it is.

Examples:
  coppice tune --model runs/original --class 0 --method l1-sparse --trials 16 --out runs/tune
  coppice tune --model runs/pruned --random 0.1 --method finetune --search lr=1e-3:1e-1:log --minutes 20 --out runs/tune
  coppice tune --model runs/original --class 0 --method scrub --plan --out runs/tune`,
    );

type Options = ReturnType<ReturnType<typeof declare>["opts"]>;

/**
 * The settings of the search; batch size and seed are the model's where none are given.
 * @param model the record of `options.model`
 * @throws CoppiceError E_ARG unless exactly one of the options says what to forget
 */
export function tuneConfig(options: Options, model: RunRecord): TuneConfig {
  const { search, trials, minutes, forgetSeed, withCopies, withMissing, engine, precision } = options;
  return {
    model: options.model,
    request: requestOf(selectionOf(options)),
    method: options.method,
    withhold: options.withhold,
    options: givenOptions(methodChoice, options),
    ...defined({ search, trials, minutes, forgetSeed, withCopies, withMissing, engine, precision }),
    batchSize: options.batchSize ?? recipeOf(model).batchSize,
    data: dataFiles(options),
    seed: options.seed ?? model.seed,
    device: options.device,
  };
}

async function tune(
  config: TuneConfig,
  { out, json, context }: { readonly out: string; readonly json: boolean; readonly context: CliContext },
): Promise<void> {
  const record = await runTune(config, out, { ...context, onTrial: (title) => context.log(title) });
  const table = renderTuneTable(record);
  const report = join(out, "report.html");
  writeFileAtomic(join(out, "trials.md"), table);
  writeFileAtomic(report, await renderTuneReport(record));
  context.progress.end();
  if (json) printJson(record);
  else print(`${table}\n${record.looked.statement}\nreport: ${report}`);
  checkGain(record);
}

/** @throws CoppiceError E_CONFIG when leaving the model as it is was at least as good as every trial */
function checkGain({ betterThanNothing, best, original, method }: TuneRecord): void {
  if (betterThanNothing !== false) return;
  const [tried, nothing] = [best.objective.value, original.objective.value].map((value) => value.toFixed(4));
  throw new CoppiceError(
    "E_CONFIG",
    `${method}: expected options that are better than leaving the model as it is, got none: objective ${tried}, and ${nothing} of the model as it is`,
    { hint: "the report shows all trials; search other ranges, or another method" },
  );
}
