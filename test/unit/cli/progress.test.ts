import { describe, expect, it, vi } from "vitest";
import { ProgressLine, progressText } from "../../../src/cli/progress.ts";
import type { Progress } from "../../../src/train/index.ts";
import { printedBy } from "../../support/command-line.ts";

const state: Progress = {
  phase: 1,
  epoch: 2,
  epochs: 10,
  step: 30,
  steps: 400,
  loss: 0.51234,
  accuracy: 0.821,
  imagesPerSecond: 899.6,
  secondsLeft: 125.2,
};

describe("the text of a state", () => {
  it("says epoch, step, fit, speed and the time left", () => {
    expect(progressText(state)).toBe(
      "epoch 2/10, step 30/400, loss 0.5123, accuracy 0.8210, 900 images/s, 2 min 5 s left",
    );
  });

  it("says what is done where nothing is trained, and never less than no time", () => {
    expect(progressText({ ...state, what: "importance", secondsLeft: -0.4 })).toBe(
      "importance, batch 30/400, 900 images/s, 0 s left",
    );
  });
});

describe("elsewhere than on a terminal", () => {
  it("says how far reading is", async () => {
    vi.spyOn(performance, "now").mockReturnValue(1e6);
    const { errors } = await printedBy(() => {
      new ProgressLine(false).reading({ what: "reading images", done: 1200, total: 5000, secondsLeft: 39.6 });
    });
    vi.restoreAllMocks();
    expect(errors).toBe("reading images: 1200 of 5000, 40 s left\n");
  });

  it("shows messages at once, states now and then, and the last always", async () => {
    const progress = new ProgressLine(false);
    const { out, errors } = await printedBy(() => {
      progress.message("begins");
      progress.show("always", true);
      for (let step = 0; step < 100; step++) progress.show(`state ${step}`);
      progress.stage = "3/7";
      progress.update({ ...state, epoch: 10, step: 400 });
      progress.end();
    });
    const lines = errors.split("\n").filter((line) => !line.startsWith("state"));
    expect(lines).toEqual(["begins", "always", expect.stringMatching(/^3\/7: epoch 10\/10, step 400\/400/), ""]);
    expect(errors.match(/^state/gm) ?? []).toHaveLength(0);
    expect(out).toBe("");
  });

  it("says nothing when quiet", async () => {
    const progress = new ProgressLine(true);
    const { errors } = await printedBy(() => {
      progress.message("begins");
      progress.show("ends", true);
    });
    expect(errors).toBe("");
  });
});
