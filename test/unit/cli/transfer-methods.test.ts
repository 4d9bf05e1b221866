import { describe, expect, it } from "vitest";
import { transferMethods } from "../../../src/cli/transfer-methods.ts";
import { thrownBy } from "../../support/thrown-by.ts";

const base = {
  methods: [
    { method: "l1-sparse", options: { epochs: 2 } },
    { method: "finetune", options: {} },
    { method: "retrain", options: {} },
  ],
};

describe("the methods of a transfer", () => {
  it("are the usual ones, with Retrain unless it is left out", () => {
    expect(transferMethods({ retrain: true }, base)).toEqual(base.methods);
    expect(transferMethods({ retrain: false }, base)).toEqual(base.methods.slice(0, 2));
    expect(transferMethods({ method: ["ssd", "l1-sparse"], retrain: true }, base)).toEqual([
      { method: "ssd", options: {} },
      { method: "l1-sparse", options: { epochs: 2 } },
      { method: "retrain", options: {} },
    ]);
    expect(transferMethods({ method: ["retrain", "ssd"], retrain: false }, base).map(({ method }) => method)).toEqual([
      "ssd",
    ]);
  });

  it("take a setting where they have the option, Retrain only by name", () => {
    const set = (...forget: string[]): object[] =>
      transferMethods({ forget, retrain: true }, base).map(({ options }) => options);
    expect(set("epochs=5")).toEqual([{ epochs: 5 }, { epochs: 5 }, {}]);
    expect(set("epochs=5", "finetune.epochs=1", "retrain.epochs=9")).toEqual([
      { epochs: 5 },
      { epochs: 1 },
      { epochs: 9 },
    ]);
    expect(set("l1-sparse.gamma=1e-3", "schedule=constant")).toEqual([
      { epochs: 2, gamma: 0.001, schedule: "constant" },
      {},
      {},
    ]);
  });

  it.each(["alpha=1", "ssd.alpha=1", "finetune.gamma=1", "epochs", "epochs=", "=5", "finetune epochs=5"])(
    "refuse %j",
    (setting) => {
      const { code, message } = thrownBy(() => transferMethods({ forget: [setting], retrain: true }, base));
      expect([code, message]).toEqual(["E_ARG", expect.stringContaining(`got ${JSON.stringify(setting)}`)]);
    },
  );

  it("must exist", () => {
    expect(thrownBy(() => transferMethods({ method: ["finetun"], retrain: true }, base)).hint).toContain("finetune");
  });
});
