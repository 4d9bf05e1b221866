import { expect, it } from "vitest";
import { printTunePlan } from "../../../src/cli/print-tune-plan.ts";
import type { PreparedTune } from "../../../src/tune/index.ts";
import { printedBy } from "../../support/command-line.ts";

const indices = { forget: [1], retain: [2, 3, 4], validation: [5, 6], withheld: [7] };

const plan = (changes: object = {}): PreparedTune =>
  ({
    method: { name: "l1-sparse" },
    space: [
      { option: "lr", scale: "log", low: 0.001, high: 0.1 },
      { option: "schedule", scale: "choice", choices: ["decay", "constant"] },
    ],
    rungs: [
      { trials: 8, epochs: 1 },
      { trials: 4, epochs: 2 },
      { trials: 2, epochs: null },
    ],
    halvingNote: "by epochs",
    split: { indices, scenario: { kind: "class" } },
    config: {},
    ...changes,
  }) as unknown as PreparedTune;

it("says what is searched, on which images, and in how many trials", async () => {
  const { out } = await printedBy(() => printTunePlan(plan()));
  expect(out).toContain("l1-sparse: forgets 1 image, and may train on 3 retained ones\n");
  expect(out).toContain("  searched: lr, 0.001 to 0.1, log scale\n  searched: schedule, one of decay, constant\n");
  expect(out).toContain(
    "  trials: 1 with the values that hold without a search, 8 of 1 epoch, then 4 of 2 epochs, then 2 in full\n",
  );
  expect(out).toContain("never seen: the 2 images of the split's validation part");
  expect(out).not.toContain("  time:");
});

it("says when it stops, where minutes limit it", async () => {
  const again = await printedBy(() => printTunePlan(plan({ config: { minutes: 20 } })));
  expect(again.out).toContain("  time: no trial starts after 20 minutes; until then the search is repeated\n");
  const once = await printedBy(() => printTunePlan(plan({ config: { minutes: 1, trials: 16 } })));
  expect(once.out).toContain("  time: no trial starts after 1 minute\n");
});
