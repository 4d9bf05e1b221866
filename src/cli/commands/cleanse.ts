import { Command, Option } from "@commander-js/extra-typings";
import { detectors } from "../../detect/index.ts";
import { cleanseStage, detectStage, RunFolder } from "../../experiments/index.ts";
import { recipeOf } from "../../experiments/parent.ts";
import { cleanseVerdict, renderCleanseReport } from "../../report/index.ts";
import { methods, type OptionValues } from "../../unlearn/index.ts";
import { CoppiceError } from "../../util/errors.ts";
import { writeFileAtomic } from "../../util/files.ts";
import { withContext } from "../context.ts";
import { detectorFlag, detectorFlags, givenDetectorOptions } from "../detector-flags.ts";
import { givenOptions, methodFlags } from "../method-flags.ts";
import { engineOption, integerOption, precisionOption } from "../parse.ts";
import { printCleanse } from "../print-cleanse.ts";
import { printDetected } from "../print-detected.ts";
import { printRun } from "../print-run.ts";

/** `coppice cleanse`: forgetting suspected records, and what that does to a backdoor. Every method's and detector's options are flags. */
export function cleanseCommand(): Command {
  const command = new Command("cleanse")
    .description("unlearn records suspected of carrying a backdoor, and measure what is left of it")
    .requiredOption("--model <run>", "run folder of the model")
    .requiredOption("--out <folder>", "run folder to write")
    .option("--suspects <file>", "CSV with a column id, or JSON: the suspected training records")
    .addOption(
      new Option("--detect <name>", "look for suspects first, and write them to OUT.suspects.csv")
        .choices(detectors.map(({ name }) => name))
        .conflicts("suspects"),
    )
    .option("--method <name>", `unlearning method: ${methods.map(({ name }) => name).join(", ")}`, "l1-sparse")
    .option("--batch-size <n>", "images per step (default: the original's)", integerOption)
    .option("--data-folder <folder>", "where the data are, if no longer where they were")
    .option("--allow-unverified", "use files whose checksums are not the published ones")
    .option("--seed <n>", "everything random follows from it (default: the model's)", integerOption)
    .option("--engine <name>", "how a pruned model is computed: sparse, dense or auto", engineOption, "auto" as const)
    .option(
      "--precision <name>",
      "of activations on the sparse engine: float32 or bf16",
      precisionOption,
      "float32" as const,
    )
    .option("--device <name>", "cpu or cuda", "cpu")
    .option("--force", "replace an earlier run in the folder")
    .option("--json", "print the record, as it is written to cleanse.json");
  for (const flag of [...detectorFlags("detect"), ...methodFlags()]) command.addOption(flag);
  command.addHelpText(
    "after",
    "\nExamples:\n  coppice cleanse --model runs/trojaned --suspects suspects.csv --method l1-sparse --out runs/cleansed\n" +
      "  coppice cleanse --model runs/trojaned --detect strip --detect-false-alarms 0.02 --out runs/cleansed",
  );
  command.action(async (options) => {
    const record = RunFolder.open(options.model).requireFinished();
    const { model, detect: detector, suspects, engine, precision, device } = options;
    const file = suspects ?? `${options.out.replace(/\/+$/, "")}.suspects.csv`;
    const shared = {
      model,
      data: {
        allowUnverified: options.allowUnverified === true,
        ...(options.dataFolder === undefined ? {} : { folder: options.dataFolder }),
      },
      seed: options.seed ?? record.seed,
      device,
    };
    const config = {
      ...shared,
      request: { kind: "ids" as const, file },
      method: options.method,
      options: givenOptions(options),
      ...(detector === undefined ? {} : { cleanse: { detector } }),
      batchSize: options.batchSize ?? recipeOf(record).batchSize,
      engine,
      precision,
    };
    const detectorOptions = givenDetectorOptions(options, "detect");
    checkSuspects({ suspects, detector, detectorOptions });
    await withContext({ force: options.force, how: `coppice resume ${options.out}` }, async (context) => {
      if (detector !== undefined) {
        RunFolder.checkFree(options.out, options.force === true);
        const found = await detectStage({ ...shared, detector, options: detectorOptions }, file, context);
        printDetected(found, file);
      }
      const { run, cleanse } = await cleanseStage(config, options.out, context);
      const report = RunFolder.open(options.out).file("report");
      writeFileAtomic(report, await renderCleanseReport(cleanse));
      context.progress.end();
      if (options.json === true) return console.log(JSON.stringify(cleanse, null, 2));
      printRun(run, options.out, false);
      printCleanse(cleanse);
      const { headline, sentences } = cleanseVerdict(cleanse);
      console.log(`\n${[headline, ...sentences].join(" ")}`);
      for (const note of cleanse.notes) console.log(`note: ${note}`);
      console.log(`report: ${report}`);
    });
  });
  return command as unknown as Command;
}

/** @throws CoppiceError E_ARG when nothing says what is suspected, or a detector's options stand without it */
function checkSuspects({
  suspects,
  detector,
  detectorOptions,
}: {
  readonly suspects: string | undefined;
  readonly detector: string | undefined;
  readonly detectorOptions: OptionValues;
}): void {
  if (detector !== undefined) return;
  const [option] = Object.keys(detectorOptions);
  if (option !== undefined) {
    throw new CoppiceError("E_ARG", `${detectorFlag(option, "detect")}: expected --detect beside it, got none`, {
      hint: `for example --detect ${detectors.find(({ options }) => option in options)?.name}`,
    });
  }
  if (suspects !== undefined) return;
  throw new CoppiceError("E_ARG", "suspects: expected --suspects or --detect, got neither", {
    hint: `for example --suspects suspects.csv, or --detect ${detectors[0]?.name}`,
  });
}
