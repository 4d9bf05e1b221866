/** Really trained networks, each trained once, by the command line, into build/bench/. */
import { spawnSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = (name: string): string => fileURLToPath(new URL(`../build/bench/${name}`, import.meta.url));
const program = fileURLToPath(new URL("../bin/coppice.js", import.meta.url));

/**
 * Runs the command line, its progress shown.
 * @param variables of the environment, besides those of this process @throws TypeError when it fails
 */
export function coppice(args: readonly string[], variables: Readonly<Record<string, string>> = {}): void {
  const env = { ...process.env, ...variables };
  const { status } = spawnSync(process.execPath, [program, ...args], { stdio: ["ignore", "inherit", "inherit"], env });
  if (status !== 0) throw new TypeError(`a run for the benchmark failed, see above: coppice ${args.join(" ")}`);
}

/** The weights of a ResNet-18, for masks as magnitude pruning makes them. CIFAR-10 must be at hand (COPPICE_DATA, docs/reference/data.md); training takes half an hour. */
export function trainedModel(): string {
  return trained("resnet18", "--arch resnet18 --num-train 8000 --epochs 12 --batch-size 64 --lr 0.05");
}

/** The weights of a ResNet-20s that has fitted its images, the first `numTrain`; training takes four minutes. */
export function smallTrainedModel(): { readonly file: string; readonly numTrain: number } {
  const numTrain = 2500;
  const settings = `--arch resnet20s --num-train ${numTrain} --validation 0 --no-augment --epochs 40 --batch-size 128`;
  return { file: trained("resnet20s", settings), numTrain };
}

function trained(name: string, settings: string): string {
  const file = `${folder(name)}/model.safetensors`;
  if (existsSync(file)) return file;
  rmSync(folder(name), { recursive: true, force: true });
  const all = `--data cifar10 ${settings} --seed 1 --allow-unverified`;
  coppice(["train", ...all.split(" "), "--out", folder(name)]);
  return file;
}
