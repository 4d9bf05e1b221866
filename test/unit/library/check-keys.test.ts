import { expect, it } from "vitest";
import { checkKeys } from "../../../src/library/check-keys.ts";
import { evaluate, forget, prune, train } from "../../../src/library/index.ts";
import { thrownBy } from "../../support/thrown-by.ts";

it("lets known options pass, and names an unknown one with the nearest", () => {
  checkKeys("train", { epochs: 1 }, ["epochs", "lr"]);
  checkKeys("train", {}, []);
  expect(thrownBy(() => checkKeys("train", { epocs: 1 }, ["epochs", "lr"]))).toMatchObject({
    code: "E_ARG",
    message: "train: expected options of epochs, lr, got epocs",
    hint: "did you mean epochs?",
  });
});

it("is asked by every function of the library, before anything is read", async () => {
  const odd = { epocs: 1 } as never;
  await expect(train(odd, "nowhere/a")).rejects.toThrow(/got epocs/);
  await expect(prune("nowhere/a", odd, "nowhere/b")).rejects.toThrow(/got epocs/);
  await expect(forget("nowhere/a", { class: 3 } as never, "retrain", "nowhere/b")).rejects.toThrow(/got class$/);
  await expect(forget("nowhere/a", { classes: [3] }, "retrain", "nowhere/b", odd)).rejects.toThrow(/got epocs/);
  await expect(evaluate("nowhere/a", odd)).rejects.toThrow(/got epocs/);
});

it("knows every option of a training: the whole table of defaults passes", async () => {
  const all = {
    data: "nothing",
    dataFolder: "x",
    validation: 0,
    shards: 2,
    slices: 1,
    lr: 0.1,
    milestones: [],
    seed: 1,
  };
  await expect(train(all, "nowhere/a")).rejects.toThrow(/data set: expected one of/);
});
