/** A command of a comparison, and what several of them have in common. */

export interface Step {
  /** Unique. */
  readonly name: string;
  /** Arguments of `coppice`; or of `script`. */
  readonly args: readonly string[];
  /** A file that is run instead, with the program's root as a URL before the arguments. */
  readonly script?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Paths of what it leaves; default its name. */
  readonly leaves?: readonly string[];
  /** File for what is printed. */
  readonly output?: string;
}

/** The command ends in `--out NAME`. @param command words with single spaces between @param more words that may hold spaces */
export function step(name: string, command: string, ...more: readonly string[]): Step {
  return { name, args: [...command.split(" "), ...more, "--out", name] };
}

export const images = "--data embedded --num-train 240 --num-test 100";
export const training = "--arch resnet20s --batch-size 16 --epochs 8 --lr 0.05";
export const dense = "--engine dense";
export const sparse = "--engine sparse";
export const aClass = "--class 3";
export const atRandom = "--random 0.15";
export const twoEpochs = "--epochs 2";
