import { describe, expect, it } from "vitest";
import { collectSamples } from "../../../../src/experiments/grid/collect-samples.ts";
import { type Cell, expandGrid } from "../../../../src/experiments/grid/expand.ts";
import { JobStore } from "../../../../src/jobs/job-store.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";
import { samples } from "../../report/made-up-records.ts";
import { finish } from "./finished-cells.ts";
import { tinyGrid } from "./tiny-grid.ts";

const grid = tinyGrid({ seeds: [3, 4] });
const cells = expandGrid(grid);
const cellOf = (model: string, label: string, seed = 3): Cell =>
  cells.find((cell) => cell.model.id === model && cell.label === label && cell.seed === seed)!;

describe("images of a grid", () => {
  it("are six a scenario, with the answer of every model that is done, of the first seed", () => {
    const store = new JobStore(temporaryFolder(), 60);
    finish(store, cellOf("dense", "Original"), { samples: samples(16) });
    finish(store, cellOf("omp9", "FT"), {
      samples: samples(16).map((sample) => ({ ...sample, probabilityAfter: 0.5, predictedAfter: 1 })),
    });
    finish(store, cellOf("dense", "FT", 4), { samples: samples(16) });
    const { classNames, images } = collectSamples(grid, cells, store);
    expect(classNames[3]).toBe("cat");
    expect(images.map(({ scenario, index }) => [scenario, index])).toEqual(
      [7, 107, 207, 307, 407, 507].map((index) => ["random", index]),
    );
    expect(images[0]?.answers).toEqual([
      { model: "dense", label: "Original", probability: 0.004, predicted: 5 },
      { model: "omp9", label: "FT", probability: 0.5, predicted: 1 },
    ]);
  });

  it("have no answer of a model that was asked about others", () => {
    const store = new JobStore(temporaryFolder(), 60);
    const [first, second] = samples(2);
    finish(store, cellOf("dense", "Original"), { samples: [first!] });
    // Of another data set: the same index, other pixels.
    finish(store, cellOf("dense", "FT"), { samples: [{ ...first!, image: second!.image }] });
    const [image] = collectSamples(grid, cells, store).images;
    expect(image?.answers.map(({ label }) => label)).toEqual(["Original"]);
  });

  it("are none while nothing is done", () => {
    expect(collectSamples(grid, cells, new JobStore(temporaryFolder(), 60))).toEqual({ classNames: [], images: [] });
  });
});
