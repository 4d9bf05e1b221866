import { Command, Option } from "@commander-js/extra-typings";
import { evaluateStage } from "../../stages/index.ts";
import { verdictOf } from "../../report/index.ts";
import { withContext } from "../context.ts";
import { printEvaluation } from "../print-evaluation.ts";

/** `coppice evaluate`: UA, RA, TA, MIA, RTE, and the gaps to Retrain. */
export function evaluateCommand(): Command {
  const command = new Command("evaluate")
    .description("audit a model that should have forgotten")
    .argument("<run>", "run folder")
    .option("--oracle <run>", "run folder of Retrain with the same forget set: gives the gaps")
    .option("--split <run>", "run folder whose forget set is used (default: the run's own)")
    .option("--data-folder <folder>", "where the data are, if no longer where they were")
    .option("--allow-unverified", "use files whose checksums are not the published ones")
    .addOption(
      new Option("--engine <name>", "how pruned models are computed: auto (live weights only where that pays) or dense")
        .choices(["auto", "dense"] as const)
        .default("auto" as const),
    )
    .option("--device <name>", "cpu or cuda", "cpu")
    .option("--json", "print the record, as it is written to evaluation.json")
    .addHelpText("after", "\nExample:\n  coppice evaluate runs/forgotten --oracle runs/oracle");
  command.action(async (run, options) => {
    const config = {
      model: run,
      ...(options.oracle === undefined ? {} : { oracle: options.oracle }),
      ...(options.split === undefined ? {} : { splitOf: options.split }),
      data: {
        allowUnverified: options.allowUnverified === true,
        ...(options.dataFolder === undefined ? {} : { folder: options.dataFolder }),
      },
      device: options.device,
      engine: options.engine,
    };
    await withContext({ quiet: options.json }, async (context) => {
      const record = await evaluateStage(config, context);
      if (options.json === true) console.log(JSON.stringify(record, null, 2));
      else {
        printEvaluation(record);
        const { headline, sentences } = verdictOf(record);
        console.log(`\n${[headline, ...sentences].join(" ")}`);
        for (const note of record.notes) console.log(`note: ${note}`);
      }
    });
  });
  return command as unknown as Command;
}
