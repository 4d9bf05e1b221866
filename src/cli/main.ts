/** The command line. */
import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { asPluginError } from "../plugins/index.ts";
import { CoppiceError } from "../util/errors.ts";
import { shown } from "../util/shown.ts";
import { checkDevice } from "../torch/index.ts";
import { coppiceVersion } from "../stages/environment.ts";
import { cleanseCommand } from "./commands/cleanse.ts";
import { dataCommand } from "./commands/data.ts";
import { detectCommand } from "./commands/detect.ts";
import { evaluateCommand } from "./commands/evaluate.ts";
import { experimentCommand } from "./commands/experiment.ts";
import { forgetCommand } from "./commands/forget.ts";
import { forgottenCommand } from "./commands/forgotten.ts";
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
import { exitCodes, reportError, shortUsageError, whereHelpIs } from "./errors.ts";
import { loadPlugins, pluginFlag } from "./plugins.ts";
import { withTypedOption } from "./typed-option.ts";

/** Experiments that are commands, because they have their own options; `coppice experiment` may stand before them too. */
const experiments = ["theory", "transfer"];

/** The commands by the headings of `coppice --help`, which lists each on one line. */
const commands: Readonly<Record<string, readonly (() => Command)[]>> = {
  "Unlearning:": [
    demoCommand,
    trainCommand,
    pruneCommand,
    tuneCommand,
    forgetCommand,
    forgottenCommand,
    evaluateCommand,
    reportCommand,
    resumeCommand,
  ],
  "Trojaned models:": [poisonCommand, detectCommand, cleanseCommand],
  "Research:": [experimentCommand, workerCommand, theoryCommand, transferCommand],
  "Set-up and data:": [dataCommand, modelsCommand, methodsCommand],
};

export function program(): Command {
  const root = new Command("coppice")
    .description("Machine unlearning of image classifiers: prune, forget, evaluate, report.")
    .version(coppiceVersion())
    .option("--debug", "print the stack trace of an error")
    .helpOption("-h, --help", "print this help")
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .showHelpAfterError(whereHelpIs)
    .configureOutput({ outputError: (text, write) => write(shortUsageError(text)) })
    .exitOverride((error) => {
      throw Object.assign(error, { exitCode: error.exitCode === 0 ? 0 : exitCodes.usage });
    })
    .hook("preAction", (_root, command) => {
      refuseEmpty(command);
      checkDeviceFlag(command.opts());
    })
    .addHelpText("after", examples);
  for (const [heading, makers] of Object.entries(commands)) {
    root.commandsGroup(heading);
    for (const make of makers) root.addCommand(configured(make(), root));
  }
  root
    .command("setup")
    .summary("build the native library on this machine")
    .description(setupWords)
    .allowUnknownOption();
  root.helpCommand("help [command]", "print the help of a command");
  return root;
}

/** An empty path would be the current folder, or a message about nothing: a variable of the user's shell that is not set. */
function refuseEmpty(command: CommandUnknownOpts): void {
  const values = command.opts() as Readonly<Record<string, unknown>>;
  const flags = command.options.filter((option) => /<(run|folder|file)>/.test(option.flags));
  const empty =
    command.registeredArguments.find((_, i) => command.processedArgs[i] === "")?.name() ??
    flags.find((option) => values[option.attributeName()] === "")?.long;
  if (typeof empty === "string") throw new CoppiceError("E_ARG", `${empty}: expected a path or a name, got ""`);
}

/** Before anything is read. With `--queue` it is the device of other machines. */
function checkDeviceFlag({ device, queue }: { readonly device?: string; readonly queue?: string }): void {
  if (device !== undefined && queue === undefined) checkDevice(device, "--device");
}

/** With the settings of `root`, `--plugin`, and `--help` under its last heading; and so the commands below it. */
function configured(command: Command, root: Command): Command {
  for (const below of command.commands) configured(below as Command, root);
  return command.copyInheritedSettings(root).addOption(pluginFlag).helpOption("-h, --help", "print this help");
}

/** Listed only: `bin/coppice.js` sets up, since it must work before anything is compiled. */
const setupWords = "Build the native library on this machine; `coppice setup --help` shows the options.";

const examples = `
Examples:
  coppice demo
  coppice train --data fashion-mnist --arch resnet20s --epochs 20 --out runs/original
  coppice prune --model runs/original --sparsity 0.95 --out runs/pruned
  coppice forget --model runs/pruned --method l1-sparse --class 3 --out runs/forgotten
  coppice forget --model runs/pruned --method retrain --class 3 --out runs/oracle
  coppice evaluate runs/forgotten --oracle runs/oracle
  coppice report runs/forgotten`;

/** Runs the command line and gives the exit code: 0 done, 1 error, 2 wrong usage, 130 interrupted. */
export async function main(argv: readonly string[]): Promise<number> {
  let running: CommandUnknownOpts | undefined;
  try {
    refuseNul(argv);
    await loadPlugins(argv, process.cwd()).catch((error: unknown) => {
      if (!needsNoPlugin(argv)) throw error;
      reportError(error, false);
    });
    const root = program().hook("preAction", (_root, command) => void (running = command));
    await root.parseAsync(withoutExperiment(argv), { from: "user" });
    return 0;
  } catch (error) {
    return reportUncaught(withTypedOption(error, running), argv);
  }
}

/** Reports what no call has waited for, such as a timer of a plugin, and gives the exit code. */
export function reportUncaught(error: unknown, argv: readonly string[]): number {
  return reportError(asPluginError(error), argv.includes("--debug"));
}

/** No system has it in a path or a word. */
function refuseNul(argv: readonly string[]): void {
  const word = argv.find((each) => each.includes("\0"));
  if (word !== undefined)
    throw new CoppiceError("E_ARG", `coppice: expected words without a null byte, got ${shown(word)}`);
}

/** Help is what a user asks for when something is wrong, and a report is made of records alone. */
function needsNoPlugin(argv: readonly string[]): boolean {
  const [command = "help"] = argv;
  return ["help", "report"].includes(command) || argv.includes("--help") || argv.includes("-h");
}

function withoutExperiment(argv: readonly string[]): string[] {
  const at = argv.findIndex((word) => !word.startsWith("-"));
  const dispensable = argv[at] === "experiment" && experiments.includes(argv[at + 1] ?? "");
  return dispensable ? argv.toSpliced(at, 1) : [...argv];
}
