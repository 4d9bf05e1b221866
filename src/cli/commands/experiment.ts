import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Command } from "@commander-js/extra-typings";
import { runSuite, type SuiteSpec } from "../../experiments/index.ts";
import { renderSuiteReport, renderSuiteTable, suiteVerdict } from "../../report/index.ts";
import type { SuiteRecord } from "../../record/index.ts";
import { CoppiceError } from "../../util/errors.ts";
import { writeFileAtomic } from "../../util/files.ts";
import { recipeNames, recipeNamed } from "../../recipes/index.ts";
import { type CliContext, withContext } from "../context.ts";

/** `coppice experiment`: a recipe, run to its report; run again, it takes up what is there. */
export function experimentCommand(): Command {
  const command = new Command("experiment")
    .description("run a recipe: many runs, one table and report; run again, it goes on where it was")
    .argument("<recipe>", `${recipeNames.join(", ")}, or a JavaScript file whose export \`recipe\` gives one`)
    .requiredOption("--out <folder>", "folder for the runs, the table and the report")
    .option("--data-folder <folder>", "where the data are")
    .option("--allow-unverified", "use files whose checksums are not the published ones")
    .option("--json", "print the suite's record")
    .addHelpText("after", "\nExample:\n  coppice experiment quick-cifar10 --out runs/quick");
  command.action(async (name, options) => {
    const data = {
      ...(options.dataFolder === undefined ? {} : { folder: options.dataFolder }),
      allowUnverified: options.allowUnverified === true,
    };
    const spec = await specOf(name);
    const withData = { ...spec, train: { ...spec.train, data: { ...spec.train.data, ...data } } };
    await withContext({ how: `coppice experiment ${name} --out ${options.out}` }, async (context) => {
      const suite = await runSuite(withData, options.out, context);
      context.progress.end();
      await writeSuite(suite, options.out);
      if (options.json === true) console.log(JSON.stringify(suite, null, 2));
      else printSuite(suite, options.out);
    });
  });
  return command as unknown as Command;
}

async function specOf(name: string): Promise<SuiteSpec> {
  if (!existsSync(name)) return recipeNamed(name)();
  const module = (await import(pathToFileURL(resolve(name)).href)) as { recipe?: () => SuiteSpec };
  if (typeof module.recipe !== "function") {
    throw new CoppiceError("E_ARG", `${name}: expected an exported function \`recipe\`, got ${typeof module.recipe}`);
  }
  return module.recipe();
}

/** The table and the report of a suite, beside its record. */
export async function writeSuite(suite: SuiteRecord, out: string): Promise<void> {
  writeFileAtomic(join(out, "table.md"), renderSuiteTable(suite, "markdown"));
  writeFileAtomic(join(out, "table.csv"), renderSuiteTable(suite, "csv"));
  writeFileAtomic(join(out, "report.html"), await renderSuiteReport(suite));
}

export function printSuite(suite: SuiteRecord, out: string): void {
  console.log(renderSuiteTable(suite, "markdown"));
  const { headline, sentences } = suiteVerdict(suite);
  console.log([headline, ...sentences].join("\n"));
  console.log(`\nreport: ${join(out, "report.html")}`);
}

export type { CliContext };
