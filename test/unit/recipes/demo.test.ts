import { describe, expect, it } from "vitest";
import { checkGridShape } from "../../../src/experiments/grid/grid-shape.ts";
import { expandGrid } from "../../../src/experiments/grid/expand.ts";
import { inOrder } from "../../../src/jobs/job.ts";
import { demo } from "../../../src/recipes/demo.ts";

describe("the demo", () => {
  it.each(["fashion-mnist", "embedded"] as const)("is a grid on %s", (data) => {
    const spec = demo(data);
    expect(checkGridShape(JSON.parse(JSON.stringify(spec)), "demo")).toEqual(JSON.parse(JSON.stringify(spec)));
    expect(spec.train.data).toMatchObject({ name: data, numTrain: 1000, numTest: 1000 });
  });

  it("says where its images are drawn ones", () => {
    expect(demo("embedded").notes.join(" ")).toContain("drawn");
    expect(demo("fashion-mnist").notes.join(" ")).not.toContain("drawn");
  });

  it("is small: one seed, two trainings, four of Retrain, six forgettings, an evaluation of each", () => {
    const jobs = inOrder(expandGrid(demo("embedded")).map(({ evaluation }) => evaluation));
    const count = (kind: string): number => jobs.filter(({ key }) => key.startsWith(`${kind}-`)).length;
    expect(["train", "prune", "forget", "evaluate"].map(count)).toEqual([1, 1, 4 + 6, 14]);
  });

  it("forgets a class and a random tenth, and shows the images", () => {
    const { scenarios, figures } = demo("embedded");
    expect(scenarios.map(({ request }) => request)).toEqual([
      { kind: "class", classes: [0] },
      { kind: "random", fraction: 0.1 },
    ]);
    expect(figures).toContain("samples");
  });
});
