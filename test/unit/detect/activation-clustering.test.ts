import { describe, expect, it } from "vitest";
import { activationClustering } from "../../../src/detect/activation-clustering.ts";
import { detectorContext, flatNet, imagesAround } from "../../support/flat-net.ts";

const defaults = { dimensions: 2, size: 0.35, silhouette: 0.3 };
// Class 0: 40 images around 0; of class 1 the first `poisoned` of 40 far from the others.
const source = (poisoned: number): ReturnType<typeof imagesAround> => {
  const rows = Array.from({ length: 80 }, (_, i) => (i >= 40 && i < 40 + poisoned ? [9, 9, 0, 0] : [0, 0, 0, 0]));
  return imagesAround(
    rows,
    0.5,
    rows.map((_, i) => (i < 40 ? 0 : 1)),
  );
};

describe("activation clustering", () => {
  it("suspects the smaller cluster of the class that has two", async () => {
    const said: string[] = [];
    const model = flatNet([1, 1, 1, 1]);
    const { suspects, scores } = await activationClustering.run(detectorContext(model, source(10), { said }), {
      ...defaults,
      silhouette: 0.7,
    });
    expect(suspects).toEqual(Array.from({ length: 10 }, (_, i) => 40 + i));
    expect(scores[45]).toBeGreaterThan(0.8);
    expect(scores[60]).toBe(0);
    expect(said[1]).toMatch(/^class 1: smaller cluster 0.250 of 40 images, silhouette 0.\d+: suspicious$/);
  });

  it("takes the clean images for the poisoned ones where those are more than half", async () => {
    const model = flatNet([1, 1, 1, 1]);
    const { suspects } = await activationClustering.run(detectorContext(model, source(30)), {
      ...defaults,
      silhouette: 0.7,
    });
    expect(suspects).toEqual(Array.from({ length: 10 }, (_, i) => 70 + i));
  });

  it("finds no suspects where clusters are not well separated", async () => {
    const { suspects } = await activationClustering.run(detectorContext(flatNet([1, 1, 1, 1]), source(0)), {
      ...defaults,
      silhouette: 0.7,
    });
    expect(suspects).toEqual([]);
  });
});
