import { join } from "node:path";
import { Command } from "@commander-js/extra-typings";
import { runTheory, type TheorySpec } from "../../experiments/index.ts";
import { quickTheory } from "../../recipes/index.ts";
import { renderTheoryReport, renderTheoryTable } from "../../report/index.ts";
import { writeFileAtomic } from "../../util/files.ts";
import { defined } from "../../util/defined.ts";
import { type CliContext, sameCommand, withContext } from "../context.ts";
import { allowUnverified, headings, json } from "../flags.ts";
import { statusLine } from "../jobs-status.ts";
import { countOption } from "../parse.ts";
import { print, printJson } from "../output.ts";

/** `coppice theory`: proposition 2, measured. */
export function theoryCommand(): Command {
  const command = declare();
  command.action(async (options) => {
    const spec = theorySpec(options);
    await withContext({ how: sameCommand() }, async (context) => {
      await theory(spec, { out: options.out, json: options.json === true, context });
    });
  });
  return command as unknown as Command;
}

const declare = () =>
  new Command("theory")
    .summary("error of gradient ascent over sparsity, and the paper's bound")
    .description(
      "Measure the error of unlearning by gradient ascent over sparsity, and compare it with the paper's bound.",
    )
    .optionsGroup(headings.how)
    .option("--seeds <n>", "originals for each optimiser", countOption, 1)
    .option("--num-train <n>", "use only the first n training images (default: 1000)", countOption)
    .option("--epochs <n>", "epochs of every training (default: 20)", countOption)
    .optionsGroup(headings.data)
    .option("--data-folder <folder>", "folder of CIFAR-10")
    .addOption(allowUnverified)
    .optionsGroup(headings.output)
    .requiredOption("--out <folder>", "folder for runs, table and report; run again, the experiment continues")
    .addOption(json)
    .addHelpText("after", "\nExample:\n  coppice theory --seeds 3 --out runs/theory");

type Options = ReturnType<ReturnType<typeof declare>["opts"]>;

/** The whole experiment. */
export function theorySpec(options: Options): TheorySpec {
  const spec = quickTheory(options.seeds);
  const { numTrain, epochs, dataFolder: folder } = options;
  const data = {
    ...spec.train.data,
    ...defined({ numTrain, folder }),
    allowUnverified: options.allowUnverified === true,
  };
  return { ...spec, train: { ...spec.train, data, recipe: { ...spec.train.recipe, ...defined({ epochs }) } } };
}

async function theory(
  spec: TheorySpec,
  { out, json, context }: { readonly out: string; readonly json: boolean; readonly context: CliContext },
): Promise<void> {
  const record = await runTheory(spec, out, { ...context, onStatus: statusLine(context) });
  const table = renderTheoryTable(record);
  const report = join(out, "report.html");
  writeFileAtomic(join(out, "table.md"), table);
  writeFileAtomic(report, await renderTheoryReport(record));
  context.progress.end();
  if (json) printJson(record);
  else print(`${table}\nreport: ${report}`);
}
