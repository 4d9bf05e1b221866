/** Whether the images of a folder fit into the memory, before they are read. */
import { constants } from "node:buffer";
import { totalmem } from "node:os";
import { CoppiceError } from "../../util/errors.ts";
import { CHANNELS } from "./decode.ts";

/** Of the machine's memory that images may take; training holds them twice. */
const MEMORY_SHARE = 0.4;

/** @param counts images of each part @throws CoppiceError E_DATA naming how much they would take */
export function checkMemory(folder: string, resolution: number, counts: readonly number[]): void {
  const bytes = counts.map((count) => count * CHANNELS * resolution * resolution);
  const total = bytes.reduce((sum, each) => sum + each, 0);
  const room = MEMORY_SHARE * totalmem();
  if (total <= room && Math.max(...bytes) <= constants.MAX_LENGTH) return;
  const gibibytes = (count: number): string => `${(count / 2 ** 30).toFixed(1)} GiB`;
  const limit = `at most ${gibibytes(room)} of images, and ${gibibytes(constants.MAX_LENGTH)} in one part`;
  throw new CoppiceError(
    "E_DATA",
    `${folder}: expected ${limit}, got ${gibibytes(total)} at ${resolution}x${resolution}`,
    {
      hint: "images are held in memory: take fewer with --num-train, --num-test or --classes, or a smaller --resolution",
    },
  );
}
