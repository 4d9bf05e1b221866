import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { expect, it } from "vitest";
import { poisonStage, readPoison } from "../../../src/stages/poison.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

/** Images of 32x32 of one value, as many as there are values, to train and to test on. */
async function plainImages(folder: string, values: Readonly<Record<string, readonly number[]>>): Promise<void> {
  for (const part of ["train", "test"])
    for (const [name, levels] of Object.entries(values)) {
      mkdirSync(join(folder, part, name), { recursive: true });
      for (const [i, level] of levels.entries()) {
        const create = { width: 32, height: 32, channels: 3, background: { r: level, g: level, b: level } } as const;
        await sharp({ create })
          .png()
          .toFile(join(folder, part, name, `${i}.png`));
      }
    }
}

async function poison(values: Readonly<Record<string, readonly number[]>>) {
  const folder = temporaryFolder();
  await plainImages(join(folder, "data"), values);
  const logged: string[] = [];
  const { counts } = await poisonStage(
    {
      data: { name: "folder", folder: join(folder, "data"), resolution: 32, allowUnverified: true },
      request: {
        attack: "badnets",
        options: {},
        target: 0,
        ratio: 0.5,
        seed: 1,
        split: { mode: "standard", validationFraction: 0, seed: 1 },
      },
    },
    join(folder, "poison"),
    { log: (message) => logged.push(message), command: ["coppice", "poison"] },
  );
  expect(readPoison(join(folder, "poison")).data).toEqual({ name: "folder", resolution: 32 });
  const ids = readFileSync(join(folder, "poison", "poisoned.csv"), "utf8")
    .trim()
    .split("\n")
    .slice(1);
  const preview = await sharp(join(folder, "poison", "preview.png")).metadata();
  return { counts, ids, preview, note: logged.filter((message) => message.startsWith("note:")) };
}

it("says on how many images a black square changes no pixel, and leaves a preview", async () => {
  const { counts, ids, preview, note } = await poison({ dark: Array(8).fill(0), light: Array(8).fill(200) });
  const dark = ids.filter((id) => id.startsWith("train/dark/")).length;
  expect(ids).toHaveLength(8);
  expect(dark).toBeGreaterThan(0);
  expect(counts).toMatchObject({ poisoned: 8, unchanged: dark });
  expect(note).toEqual([
    `note: on ${dark} of the 8 poisoned images the trigger changes no pixel: nobody can learn it there`,
  ]);
  expect([preview.format, preview.width, preview.height]).toEqual(["png", 4 + 8 * 132, 4 + 3 * 132]);
});

it("does not where every image shows the trigger, if only by one value", async () => {
  const { counts, note } = await poison({ grey: Array(4).fill(1), light: Array(4).fill(200) });
  expect([counts.unchanged, note]).toEqual([0, []]);
});
