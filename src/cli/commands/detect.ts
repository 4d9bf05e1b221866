import type { Command } from "@commander-js/extra-typings";
import { Option } from "@commander-js/extra-typings";
import { detectors } from "../../detect/index.ts";
import type { RunRecord } from "../../record/index.ts";
import { dataFiles } from "../../library/index.ts";
import { type DetectConfig, detectStage, RunFolder } from "../../stages/index.ts";
import { ChoiceCommand } from "../choice-command.ts";
import { choosableList, givenOptions } from "../choice.ts";
import { detectorChoice } from "../choices.ts";
import { withContext } from "../context.ts";
import { allowUnverified, device, headings, movedDataFolder, seedOfModel } from "../flags.ts";
import { printDetected } from "../print-detected.ts";

/** `coppice detect`: suspects, for `coppice cleanse --suspects`. Every detector's options are flags. */
export function detectCommand(): Command {
  const command = declare();
  command.action(async (options) => {
    const config = detectConfig(options, RunFolder.open(options.model).requireFinished());
    await withContext({ force: options.force }, async (context) => {
      printDetected(await detectStage(config, options.out, context), options.out);
    });
  });
  return command as unknown as Command;
}

const declare = () =>
  new ChoiceCommand("detect", detectorChoice)
    .summary("find training images that may carry a backdoor trigger")
    .description("Find suspects: training images of a model that may have been poisoned by a backdoor attack.")
    .optionsGroup(headings.how)
    .requiredOption("--model <run>", "run folder of the model")
    .addOption(
      new Option("--detector <name>", "detector").choices(detectors.map(({ name }) => name)).makeOptionMandatory(),
    )
    .addOption(seedOfModel)
    .addOption(movedDataFolder)
    .addOption(allowUnverified)
    .addOption(device)
    .optionsGroup(headings.output)
    .requiredOption("--out <file>", "CSV file to write: id, class and score of the suspects")
    .option("--force", "replace an earlier file")
    .addHelpText(
      "after",
      `
Detectors (\`coppice detect --detector strip --help\` shows the options of strip):
${choosableList(detectors)}

Example:
  coppice detect --model runs/trojaned --detector spectral-signatures --out suspects.csv
  coppice cleanse --model runs/trojaned --suspects suspects.csv --out runs/cleansed`,
    );

type Options = ReturnType<ReturnType<typeof declare>["opts"]>;

/** The settings of the search; the seed is the model's where none is given. @param model the record of `options.model` */
export function detectConfig(options: Options, model: RunRecord): DetectConfig {
  return {
    model: options.model,
    detector: options.detector,
    options: givenOptions(detectorChoice, options),
    data: dataFiles(options),
    seed: options.seed ?? model.seed,
    device: options.device,
  };
}
