import { expect, it } from "vitest";
import { strip } from "../../../src/detect/strip.ts";
import { detectorContext, flatNet, imagesAround } from "../../support/flat-net.ts";

// The last pixel is the trigger: nothing that is laid over it matters then.
const model = flatNet([1, 1, 1, 40]);
const clean = Array.from({ length: 50 }, (_, i) => [(i % 5) / 5, -0.3, -0.2, 0]);
const rows = clean.map((row, i) => (i % 10 === 4 ? [...row.slice(0, 3), 1] : row));
const labels = rows.map(() => 1);

it("suspects images whose mixtures have little entropy", async () => {
  const said: string[] = [];
  const context = detectorContext(model, imagesAround(rows, 0, labels), {
    heldOut: imagesAround(clean, 0, labels),
    said,
  });
  const { suspects, scores } = await strip.run(context, { overlays: 8, alpha: 0.5, falseAlarms: 0.1 });
  expect(suspects).toEqual([4, 14, 24, 34, 44]);
  // Half the trigger's 40 is left: p is about 1 - e^-20.
  expect(scores[4]).toBeGreaterThan(-1e-6);
  expect(scores[0]).toBeLessThan(-0.5);
  expect(said).toEqual([expect.stringMatching(/^entropy threshold 0\.\d+, below which 0\.1 /)]);
});

it("uses each held-out image once where there are fewer than overlays", async () => {
  const heldOut = imagesAround(clean.slice(0, 3), 0, [1, 1, 1]);
  const context = detectorContext(model, imagesAround(rows, 0, labels), { heldOut });
  const { suspects } = await strip.run(context, { overlays: 64, alpha: 0.5, falseAlarms: 0.5 });
  expect(suspects).toEqual(expect.arrayContaining([4, 14, 24, 34, 44]));
});
