import { setImmediate as turn } from "node:timers/promises";
import { expect, it } from "vitest";
import { PixelBudget } from "../../../../src/data/image-folder/pixel-budget.ts";

it("never has more at work than it may, but for a larger one alone", async () => {
  const budget = new PixelBudget(10);
  let now = 0;
  const seen: number[] = [];
  const work = async (pixels: number): Promise<number> => {
    return await budget.with(pixels, async () => {
      now += pixels;
      seen.push(now);
      await turn();
      now -= pixels;
      return pixels;
    });
  };
  const sizes = [3, 4, 3, 9, 25, 1, 2, 10];
  expect(await Promise.all(sizes.map(work))).toEqual(sizes);
  expect(seen.filter((sum) => sum > 10)).toEqual([25]);
  expect(seen).toContain(10);
  expect(now).toBe(0);
});

it("gives back the room of work that fails", async () => {
  const budget = new PixelBudget(10);
  await expect(budget.with(10, async () => await Promise.reject(new Error("mine")))).rejects.toThrow("mine");
  expect(await budget.with(10, async () => await Promise.resolve(1))).toBe(1);
});
