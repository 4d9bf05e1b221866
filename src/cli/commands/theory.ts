import { join } from "node:path";
import { Command } from "@commander-js/extra-typings";
import { runTheory, type TheorySpec } from "../../experiments/index.ts";
import { quickTheory } from "../../recipes/index.ts";
import { renderTheoryReport, renderTheoryTable } from "../../report/index.ts";
import { writeFileAtomic } from "../../util/files.ts";
import { withContext } from "../context.ts";
import { statusLine } from "../jobs-status.ts";
import { countOption } from "../parse.ts";

/** `coppice theory`: proposition 2, measured. */
export function theoryCommand(): Command {
  const command = new Command("theory")
    .description("measure the error of unlearning by gradient ascent over sparsity, beside the paper's bound")
    .requiredOption(
      "--out <folder>",
      "folder for the runs, the table and the report; run again, it goes on where it was",
    )
    .option("--seeds <n>", "originals for each optimiser", countOption, 1)
    .option("--num-train <n>", "use only the first n training images (default: 1000)", countOption)
    .option("--epochs <n>", "of every training (default: 20)", countOption)
    .option("--data-folder <folder>", "where CIFAR-10 is")
    .option("--allow-unverified", "use files whose checksums are not the published ones")
    .option("--json", "print the record")
    .addHelpText("after", "\nExample:\n  coppice theory --seeds 3 --out runs/theory");
  command.action(async (options) => {
    const spec = adapted(quickTheory(options.seeds), options);
    await withContext({ how: `coppice theory --out ${options.out}` }, async (context) => {
      const record = await runTheory(spec, options.out, {
        ...context,
        onStatus: statusLine(context),
      });
      writeFileAtomic(join(options.out, "table.md"), renderTheoryTable(record));
      writeFileAtomic(join(options.out, "report.html"), await renderTheoryReport(record));
      context.progress.end();
      console.log(options.json === true ? JSON.stringify(record, null, 2) : renderTheoryTable(record));
      if (options.json !== true) console.log(`report: ${join(options.out, "report.html")}`);
    });
  });
  return command as unknown as Command;
}

interface Changes {
  readonly numTrain?: number | undefined;
  readonly epochs?: number | undefined;
  readonly dataFolder?: string | undefined;
  readonly allowUnverified?: true | undefined;
}

function adapted(spec: TheorySpec, { numTrain, epochs, dataFolder, allowUnverified }: Changes): TheorySpec {
  const { train } = spec;
  return {
    ...spec,
    train: {
      ...train,
      data: {
        ...train.data,
        ...(numTrain === undefined ? {} : { numTrain }),
        ...(dataFolder === undefined ? {} : { folder: dataFolder }),
        allowUnverified: allowUnverified === true,
      },
      recipe: { ...train.recipe, ...(epochs === undefined ? {} : { epochs }) },
    },
  };
}
