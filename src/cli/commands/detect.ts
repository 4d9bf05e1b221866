import { Command, Option } from "@commander-js/extra-typings";
import { detectors } from "../../detect/index.ts";
import { type DetectConfig, detectStage, RunFolder } from "../../experiments/index.ts";
import { withContext } from "../context.ts";
import { integerOption, numberOption } from "../parse.ts";
import { printDetected } from "../print-detected.ts";

const names = [...new Set(detectors.flatMap(({ options }) => Object.keys(options)))];

/** `coppice detect`: suspects, for `coppice cleanse --suspects`. Every detector's options are flags. */
export function detectCommand(): Command {
  const command = new Command("detect")
    .description("look for poisoned records among those a model was trained on")
    .requiredOption("--model <run>", "run folder of the model")
    .addOption(
      new Option("--detector <name>", "what looks for them")
        .choices(detectors.map(({ name }) => name))
        .makeOptionMandatory(),
    )
    .requiredOption("--out <file>", "CSV to write: id, class and score of the suspects")
    .option("--data-folder <folder>", "where the data are, if no longer where they were")
    .option("--allow-unverified", "use files whose checksums are not the published ones")
    .option("--seed <n>", "everything random follows from it (default: the model's)", integerOption)
    .option("--device <name>", "cpu or cuda", "cpu")
    .option("--force", "replace an earlier file")
    .addHelpText(
      "after",
      "\nExample:\n  coppice detect --model runs/trojaned --detector spectral-signatures --out suspects.csv\n" +
        "  coppice cleanse --model runs/trojaned --suspects suspects.csv --out runs/cleansed",
    );
  for (const flag of detectorFlags()) command.addOption(flag);
  command.action(async (options) => {
    const config = {
      model: options.model,
      detector: options.detector,
      options: givenOptions(options),
      data: {
        allowUnverified: options.allowUnverified === true,
        ...(options.dataFolder === undefined ? {} : { folder: options.dataFolder }),
      },
      seed: options.seed ?? RunFolder.open(options.model).requireFinished().seed,
      device: options.device,
    };
    await withContext({ force: options.force }, async (context) => {
      printDetected(await detectStage(config, options.out, context), options.out);
    });
  });
  return command as unknown as Command;
}

/** A flag for each option of any detector. */
function detectorFlags(): Option[] {
  return names.map((name) => {
    const users = detectors.filter(({ options }) => name in options);
    const [description] = users.map(({ options }) => options[name]?.description);
    const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} <value>`;
    const of = users.map((detector) => `${detector.name} ${detector.options[name]?.default}`).join(", ");
    return new Option(flag, `${description} (default: ${of})`).argParser(numberOption) as unknown as Option;
  });
}

/** Those of them that were given. */
function givenOptions(options: object): DetectConfig["options"] {
  const given = options as Record<string, number | undefined>;
  const entries = names.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]] as const]));
  return Object.fromEntries(entries) as DetectConfig["options"];
}
