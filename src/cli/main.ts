/** The command line. */
import { Command } from "@commander-js/extra-typings";
import { coppiceVersion } from "../stages/environment.ts";
import { cleanseCommand } from "./commands/cleanse.ts";
import { dataCommand } from "./commands/data.ts";
import { detectCommand } from "./commands/detect.ts";
import { evaluateCommand } from "./commands/evaluate.ts";
import { experimentCommand } from "./commands/experiment.ts";
import { forgetCommand } from "./commands/forget.ts";
import { methodsCommand } from "./commands/methods.ts";
import { modelsCommand } from "./commands/models.ts";
import { poisonCommand } from "./commands/poison.ts";
import { pruneCommand } from "./commands/prune.ts";
import { reportCommand } from "./commands/report.ts";
import { resumeCommand } from "./commands/resume.ts";
import { theoryCommand } from "./commands/theory.ts";
import { tuneCommand } from "./commands/tune.ts";
import { trainCommand } from "./commands/train.ts";
import { transferCommand } from "./commands/transfer.ts";
import { demoCommand } from "./commands/demo.ts";
import { workerCommand } from "./commands/worker.ts";
import { reportError } from "./errors.ts";

const usageExitCode = 2;
/** Experiments that are commands, because they have options of their own; `coppice experiment` may stand before them too. */
const experiments = ["theory", "transfer"];

export function program(): Command {
  const root = new Command("coppice")
    .description("Machine unlearning of image classifiers: prune, forget, audit, report.")
    .version(coppiceVersion())
    .option("--debug", "show stack traces of errors")
    .showHelpAfterError("(coppice --help lists the commands, coppice COMMAND --help its options)")
    .exitOverride((error) => {
      throw Object.assign(error, { exitCode: error.exitCode === 0 ? 0 : usageExitCode });
    })
    .addHelpText("after", examples);
  const commands = [
    demoCommand,
    dataCommand,
    poisonCommand,
    trainCommand,
    pruneCommand,
    tuneCommand,
    forgetCommand,
    detectCommand,
    cleanseCommand,
    evaluateCommand,
    reportCommand,
    resumeCommand,
    experimentCommand,
    workerCommand,
    theoryCommand,
    transferCommand,
    modelsCommand,
    methodsCommand,
  ];
  for (const make of commands) root.addCommand(make().copyInheritedSettings(root));
  return root;
}

const examples = `
Examples:
  coppice demo                                                            see it all on real images
  coppice train --data fashion-mnist --arch resnet20s --epochs 20 --out runs/original
  coppice prune --model runs/original --sparsity 0.95 --out runs/pruned
  coppice forget --model runs/pruned --method l1-sparse --class 3 --out runs/forgotten
  coppice forget --model runs/pruned --method retrain --class 3 --out runs/oracle
  coppice evaluate runs/forgotten --oracle runs/oracle
  coppice report runs/forgotten`;

/** Runs the command line and gives the exit code: 0 done, 1 error, 2 wrong usage, 130 interrupted. */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    await program().parseAsync(withoutExperiment(argv), { from: "user" });
    return 0;
  } catch (error) {
    return reportError(error, argv.includes("--debug"));
  }
}

function withoutExperiment(argv: readonly string[]): string[] {
  const at = argv.findIndex((word) => !word.startsWith("-"));
  const dispensable = argv[at] === "experiment" && experiments.includes(argv[at + 1] ?? "");
  return dispensable ? argv.toSpliced(at, 1) : [...argv];
}
