import { expect, it } from "vitest";
import { spectralSignatures } from "../../../src/detect/spectral-signatures.ts";
import { detectorContext, flatNet, imagesAround } from "../../support/flat-net.ts";

it("suspects a share of each class, the farthest along its principal direction", async () => {
  const rows = Array.from({ length: 60 }, (_, i) => (i % 20 === 3 ? [0, 0, 30, 30] : [0, 0, 0, 0]));
  const source = imagesAround(
    rows,
    0.5,
    rows.map((_, i) => (i < 40 ? 0 : 1)),
  );
  const { suspects, scores } = await spectralSignatures.run(detectorContext(flatNet([1, 1, 1, 1]), source), {
    share: 0.05,
  });
  expect(suspects).toEqual([3, 23, 43]);
  expect(scores).toHaveLength(60);
  // Off the mean of class 1 by (0, 0, 30, 30) · 19 / 20, of class 0 by the same.
  expect(Math.sqrt(scores[43] ?? 0)).toBeGreaterThan(38);
  expect(Math.sqrt(scores[43] ?? 0)).toBeLessThan(43);
});
