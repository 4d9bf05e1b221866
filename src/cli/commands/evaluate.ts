import { Command, Option } from "@commander-js/extra-typings";
import { evaluateConfig as configOfLibrary } from "../../library/index.ts";
import { evaluationNotes, verdictOf } from "../../report/index.ts";
import { type EvaluateConfig, evaluateDefaults } from "../../record/index.ts";
import { evaluateStage } from "../../stages/index.ts";
import { withContext } from "../context.ts";
import { allowUnverified, device, headings, movedDataFolder } from "../flags.ts";
import { samplesAsked, samplesFlags } from "../samples-flag.ts";
import { printEvaluation } from "../print-evaluation.ts";
import { print, printJson } from "../output.ts";

/** `coppice evaluate`: UA, RA, TA, MIA, RTE, and the gaps to Retrain. */
export function evaluateCommand(): Command {
  const command = declare();
  command.action(async (run, options) => {
    await withContext({ quiet: options.json }, async (context) => {
      const record = await evaluateStage(evaluateConfig(run, options), context);
      if (options.json === true) return printJson(record);
      const { label, headline, sentences } = verdictOf(record);
      print(`${label}: ${headline}\n${sentences.join("\n")}\n`);
      printEvaluation(record);
      for (const note of evaluationNotes(record)) print(`note: ${note}`);
    });
  });
  return command as unknown as Command;
}

const declare = () =>
  new Command("evaluate")
    .summary("measure how well a model has forgotten, and what it cost")
    .description(
      "Measure how well a model has forgotten and what it cost: UA, RA, TA, MIA, RTE, and the gaps to Retrain.",
    )
    .argument("<run>", "run folder")
    .optionsGroup(headings.how)
    .option("--oracle <run>", "run folder of Retrain with the same forget set, for the gaps")
    .option("--split <run>", "run folder whose forget set is used (default: the run's own)")
    .addOption(movedDataFolder)
    .addOption(allowUnverified)
    .optionsGroup(headings.where)
    .addOption(
      new Option("--engine <name>", "how pruned models are computed: dense, or auto (sparse where that is faster)")
        .choices(["auto", "dense"] as const)
        .default(evaluateDefaults.engine),
    )
    .addOption(device)
    .optionsGroup(headings.output)
    .addOption(samplesFlags.with)
    .addOption(samplesFlags.without)
    .option("--json", "print the record as JSON, as in evaluation.json")
    .addHelpText("after", "\nExample:\n  coppice evaluate runs/forgotten --oracle runs/oracle");

type Options = ReturnType<ReturnType<typeof declare>["opts"]>;

/** The settings of the evaluation of the run folder `run`. */
export function evaluateConfig(run: string, { split, withSamples, samples, ...options }: Options): EvaluateConfig {
  return configOfLibrary(run, { ...options, splitOf: split, withSamples: samplesAsked({ withSamples, samples }) });
}
