/** Files in the form of CIFAR-10 with images that are drawn from a seed, for commands that take no other data set. */
import { existsSync, mkdirSync, openSync, closeSync, ftruncateSync, writeSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const RECORDS = 10_000;
const RECORD_BYTES = 1 + 3 * 32 * 32;
/** Of each file; the others are black, of class 0, and take no space on a disk. */
const DRAWN = 1000;
const names = "airplane automobile bird cat deer dog frog horse ship truck".split(" ");

/** Writes the files where they are not there yet. @param folder what `--data-folder` is then */
export function drawCifar10(folder: string): void {
  const last = join(folder, "batches.meta.txt");
  if (existsSync(last)) return;
  mkdirSync(folder, { recursive: true });
  for (const [i, name] of [
    "data_batch_1",
    "data_batch_2",
    "data_batch_3",
    "data_batch_4",
    "data_batch_5",
    "test_batch",
  ].entries()) {
    const file = openSync(join(folder, `${name}.bin`), "w");
    writeSync(file, drawn(i + 1));
    ftruncateSync(file, RECORDS * RECORD_BYTES);
    closeSync(file);
  }
  writeFileSync(last, `${names.join("\n")}\n\n`);
}

/** Records of noise around a colour of their class. */
function drawn(seed: number): Uint8Array {
  const bytes = new Uint8Array(DRAWN * RECORD_BYTES);
  let state = seed;
  for (let record = 0; record < DRAWN; record++) {
    const label = record % names.length;
    const start = record * RECORD_BYTES;
    bytes[start] = label;
    for (let i = 1; i < RECORD_BYTES; i++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0; // Numerical Recipes, section 7.1
      const plane = Math.floor((i - 1) / 1024);
      bytes[start + i] = 20 * label + 15 * plane + (state >>> 26);
    }
  }
  return bytes;
}
