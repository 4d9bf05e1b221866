import type { Command } from "@commander-js/extra-typings";
import { Option } from "@commander-js/extra-typings";
import { detectors } from "../../detect/index.ts";
import type { CleanseComparisonSpec } from "../../experiments/index.ts";
import { forgetDefaults, type RunRecord } from "../../record/index.ts";
import { dataFiles } from "../../library/index.ts";
import { RunFolder } from "../../stages/index.ts";
import { recipeOf } from "../../stages/parent.ts";
import { methodNamed, methodsWithoutTrainingImages, type OptionValues } from "../../unlearn/index.ts";
import { CoppiceError } from "../../util/errors.ts";
import { ChoiceCommand } from "../choice-command.ts";
import { givenOptions } from "../choice.ts";
import { cleanseDetectorChoice, methodChoice } from "../choices.ts";
import { confirmForget } from "../confirm-forget.ts";
import { sameCommand, withContext } from "../context.ts";
import {
  allowUnverified,
  batchSize,
  device,
  engine,
  force,
  headings,
  movedDataFolder,
  precision,
  seedOfModel,
  yes,
} from "../flags.ts";
import { namingFlags } from "../option-names.ts";
import { numbersOption } from "../parse.ts";
import { cleanseOnce, compareCleanses } from "../run-cleanse.ts";
import { suspectsOf, unusedSuspectNotes } from "../suspects.ts";

/** `coppice cleanse`: forgetting suspected images, and what that does to a backdoor. Every method's and detector's options are flags. */
export function cleanseCommand(): Command {
  const command = declare();
  command.action(async (options) => {
    await namingFlags(() => run(options), {}); // it has no flags for the reading of lists
  });
  return command as unknown as Command;
}

async function run(options: Options): Promise<void> {
  const { force, json, out, method: names } = options;
  suspectsOf(options, names); // what is asked for comes before what is there
  const spec = cleanseSpec(options, RunFolder.open(options.model).requireFinished());
  const compares = options.sparsities !== undefined || spec.methods.length > 1;
  if (compares && force === true) throw forcedComparison(out);
  await withContext({ force, how: compares ? sameCommand() : `coppice resume ${out}` }, async (context) => {
    for (const note of unusedSuspectNotes(options, names)) context.log(note);
    // What a detector will find nobody can be asked about beforehand.
    const confirm = confirmForget({ ...context, yes: options.yes === true || options.detect !== undefined });
    const output = { out, json: json === true, context: { ...context, confirm } };
    await (compares ? compareCleanses(spec, output) : cleanseOnce(spec, output));
  });
}

const declare = () =>
  new ChoiceCommand("cleanse", methodChoice, cleanseDetectorChoice)
    .summary("unlearn suspects, and measure what remains of the backdoor")
    .description(
      "Unlearn images suspected of carrying a backdoor trigger, or repair the model without suspects, and measure what remains of the backdoor.",
    )
    .optionsGroup(headings.forget)
    .requiredOption("--model <run>", "run folder of the model")
    .option(
      "--suspects <file>",
      `suspected training images: CSV with a column id, or JSON. Not needed by ${methodsWithoutTrainingImages().join(", ")}`,
    )
    .addOption(
      new Option(
        "--detect <name>",
        "find the suspects with a detector first, and write them to OUT.suspects.csv (of a comparison: OUT/suspects.csv)",
      )
        .choices(detectors.map(({ name }) => name))
        .conflicts("suspects"),
    )
    .addOption(movedDataFolder)
    .addOption(allowUnverified)
    .optionsGroup(headings.how)
    .option("--method <names...>", "unlearning methods (`coppice methods` lists them); several are compared", [
      forgetDefaults.method,
    ])
    .option(
      "--sparsities <list>",
      "compare: start from the model pruned to each of these sparsities, 0 for the model itself. Run again, a comparison continues",
      numbersOption,
    )
    .addOption(batchSize)
    .addOption(seedOfModel)
    .addOption(engine)
    .addOption(precision)
    .addOption(device)
    .optionsGroup(headings.output)
    .requiredOption("--out <folder>", "run folder to write; of a comparison, the folder for its runs")
    .addOption(yes)
    .addOption(force)
    .option("--json", "print the record as JSON, as in cleanse.json")
    .addHelpText(
      "after",
      `
Each method and detector has its own options: \`coppice cleanse --method ssd --help\` and \`coppice cleanse --detect strip --help\` show them.

Examples:
  coppice cleanse --model runs/trojaned --suspects suspects.csv --method l1-sparse --out runs/cleansed
  coppice cleanse --model runs/trojaned --detect strip --detect-false-alarms 0.02 --out runs/cleansed
  coppice cleanse --model runs/trojaned --suspects suspects.csv --sparsities 0,0.9,0.95 --method finetune l1-sparse --out runs/cleanses`,
    );

type Options = ReturnType<ReturnType<typeof declare>["opts"]>;

/**
 * The settings of a comparison; a single cleanse is the comparison of one. Batch size and seed are the model's where none are given.
 * @param model the record of `options.model`
 * @throws CoppiceError E_ARG when the suspects or a method are not as they should be
 */
export function cleanseSpec(options: Options, model: RunRecord): CleanseComparisonSpec {
  return {
    config: {
      model: options.model,
      data: dataFiles(options),
      seed: options.seed ?? model.seed,
      device: options.device,
      batchSize: options.batchSize ?? recipeOf(model).batchSize,
      engine: options.engine,
      precision: options.precision,
    },
    suspects: suspectsOf(options, options.method),
    sparsities: options.sparsities ?? [0],
    methods: methodsWithOptions(options.method, givenOptions(methodChoice, options)),
  };
}

/** Each method with those of the given options that it has; an option that none has goes to the first, which refuses it. */
function methodsWithOptions(names: readonly string[], options: OptionValues): CleanseComparisonSpec["methods"] {
  const methods = names.map(methodNamed);
  return methods.map(({ name, options: own }, i) => {
    const its = Object.entries(options).filter(
      ([option]) => option in own || (i === 0 && methods.every((method) => !(option in method.options))),
    );
    return { method: name, options: Object.fromEntries(its) as OptionValues };
  });
}

function forcedComparison(out: string): CoppiceError {
  return new CoppiceError("E_ARG", `--force: expected a single cleanse, got a comparison in ${out}`, {
    hint: "leave it out: a comparison continues what is in its folder. Or choose another folder with --out",
  });
}
