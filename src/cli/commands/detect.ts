import { Command, Option } from "@commander-js/extra-typings";
import { detectors } from "../../detect/index.ts";
import { detectStage, RunFolder } from "../../stages/index.ts";
import { withContext } from "../context.ts";
import { detectorFlags, givenDetectorOptions } from "../detector-flags.ts";
import { integerOption } from "../parse.ts";
import { printDetected } from "../print-detected.ts";

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
      options: givenDetectorOptions(options),
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
