import { Command, Option } from "@commander-js/extra-typings";
import { prunePlan, pruneStage, rewinds } from "../../stages/index.ts";
import { allocations, layerKinds, pruners } from "../../prune/index.ts";
import { withContext } from "../context.ts";
import { engineOption, integerOption, numberOption, precisionOption } from "../parse.ts";
import { printPlan } from "../print-plan.ts";
import { printRun } from "../print-run.ts";

/** `coppice prune`: a sparse original. */
export function pruneCommand(): Command {
  const command = new Command("prune")
    .description("prune a trained model: mask, rewind to an early epoch, train on under the mask")
    .requiredOption("--model <run>", "run folder of the dense model")
    .option("--out <folder>", "run folder to write")
    .option("--plan", "only show what each allocation would leave, and what a training step would take")
    .option("--method <name>", `pruner: ${pruners.map(({ name }) => name).join(", ")}`, "omp")
    .option("--sparsity <fraction>", "share of convolution weights to remove", numberOption, 0.95)
    .option(
      "--allocation <name>",
      `how sparsity is spread over layers: ${allocations.map(({ name, description }) => `${name} (${description})`).join(", ")}`,
      "global",
    )
    .option(
      "--flops <fraction>",
      "of allocation flops: share of the multiplications that may stay (default: twice the share of weights that stay)",
      numberOption,
    )
    .addOption(
      new Option(
        "--rewind <where>",
        "where training under the mask starts: the original's weights after its rewind epoch, its final or its initial ones (default: initial for a pruner that scores those, else epoch)",
      ).choices(rewinds),
    )
    .addOption(new Option("--layers <kinds>", "which layers are pruned").choices(layerKinds).default("conv" as const))
    .option("--keep-connected", "leave every layer at least one weight")
    .option("--rate <fraction>", "of imp: share of what is left that a round removes (default: 0.2)", numberOption)
    .option(
      "--epochs <n>",
      "epochs under the mask (default: from the rewind epoch to the original's end)",
      integerOption,
    )
    .option("--data-folder <folder>", "where the data are, if no longer where they were")
    .option("--allow-unverified", "use files whose checksums are not the published ones")
    .option("--seed <n>", "everything random follows from it", integerOption, 1)
    .option(
      "--engine <name>",
      "how a pruned model is computed: sparse (its live weights only), dense (under the mask) or auto",
      engineOption,
      "auto" as const,
    )
    .option(
      "--precision <name>",
      "of activations on the sparse engine: float32 or bf16 (faster; processors with AVX512_BF16)",
      precisionOption,
      "float32" as const,
    )
    .option("--device <name>", "cpu or cuda", "cpu")
    .option("--force", "replace an earlier run in the folder")
    .option("--json", "print the run's record")
    .addHelpText(
      "after",
      "\nExamples:\n  coppice prune --model runs/original --sparsity 0.95 --out runs/pruned\n  coppice prune --model runs/original --sparsity 0.95 --plan",
    );
  command.action(async (options) => {
    const config = {
      model: options.model,
      pruner: options.method,
      sparsity: options.sparsity,
      allocation: options.allocation,
      ...(options.flops === undefined ? {} : { flops: options.flops }),
      ...(options.rewind === undefined ? {} : { rewind: options.rewind }),
      layers: options.layers,
      keepConnected: options.keepConnected === true,
      ...(options.rate === undefined ? {} : { rate: options.rate }),
      ...(options.epochs === undefined ? {} : { epochs: options.epochs }),
      data: {
        allowUnverified: options.allowUnverified === true,
        ...(options.dataFolder === undefined ? {} : { folder: options.dataFolder }),
      },
      seed: options.seed,
      engine: options.engine,
      precision: options.precision,
      device: options.device,
    };
    const { out } = options;
    if (options.plan === true) {
      await withContext({ quiet: options.json }, async (context) => {
        const plan = await prunePlan(config, context);
        if (options.json === true) console.log(JSON.stringify(plan, null, 2));
        else printPlan(plan);
      });
      return;
    }
    if (out === undefined)
      return command.error("error: required option '--out <folder>' not specified", { exitCode: 2 });
    await withContext({ force: options.force, how: `coppice resume ${out}` }, async (context) => {
      printRun(await pruneStage(config, out, context), out, options.json === true);
    });
  });
  return command as unknown as Command;
}
