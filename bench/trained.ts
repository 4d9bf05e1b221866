/** A really trained ResNet-18, for masks as magnitude pruning makes them: trained once, by the command line, into build/bench/. */
import { spawnSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../build/bench/resnet18", import.meta.url));
const program = fileURLToPath(new URL("../bin/coppice.js", import.meta.url));
const settings = "--data cifar10 --arch resnet18 --num-train 8000 --epochs 12 --batch-size 64 --lr 0.05 --seed 1";

/** Runs the command line, its progress shown. @throws TypeError when it fails */
export function coppice(args: readonly string[]): void {
  const { status } = spawnSync(process.execPath, [program, ...args], { stdio: ["ignore", "inherit", "inherit"] });
  if (status !== 0) throw new TypeError(`a run for the benchmark failed, see above: coppice ${args.join(" ")}`);
}

/** The file of its weights. CIFAR-10 must be at hand (COPPICE_DATA, docs/data.md); training takes half an hour. */
export function trainedModel(): string {
  const file = `${folder}/model.safetensors`;
  if (existsSync(file)) return file;
  rmSync(folder, { recursive: true, force: true });
  coppice(["train", ...settings.split(" "), "--allow-unverified", "--out", folder]);
  return file;
}
