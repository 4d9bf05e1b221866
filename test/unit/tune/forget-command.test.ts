import { expect, it } from "vitest";
import type { TuneConfig } from "../../../src/tune/config.ts";
import { forgetCommand } from "../../../src/tune/forget-command.ts";

const config: TuneConfig = {
  model: "runs/original",
  request: { kind: "class", classes: [3, 5] },
  method: "l1-sparse",
  options: {},
  withhold: 0.1,
  batchSize: 128,
  data: { allowUnverified: false },
  seed: 7,
  device: "cpu",
};
const words = (change: Partial<TuneConfig>): string =>
  forgetCommand({ ...config, ...change }, { lr: 0.01, tailEpochs: 2 }, "runs/tuned/").join(" ");

it("names model, method, what is forgotten, the options found, and a folder beside the search", () => {
  expect(words({})).toBe(
    "coppice forget --model runs/original --method l1-sparse --class 3 5 --lr 0.01 --tail-epochs 2 --batch-size 128 --seed 7 --out runs/tuned-forgotten",
  );
});

it("leaves out the defaults of the command line, and nothing else", () => {
  expect(words({ engine: "auto", precision: "float32" })).not.toContain("--engine");
  const data = { allowUnverified: true, folder: "/data" };
  expect(words({ engine: "sparse", precision: "bf16", device: "cuda", forgetSeed: 4, data })).toBe(
    "coppice forget --model runs/original --method l1-sparse --class 3 5 --forget-seed 4 --lr 0.01 --tail-epochs 2 --batch-size 128 --seed 7 --engine sparse --precision bf16 --device cuda --data-folder /data --allow-unverified --out runs/tuned-forgotten",
  );
});

it("takes along what the search took along", () => {
  expect(words({ withCopies: true, withMissing: true })).toContain(" --class 3 5 --with-copies --with-missing --lr ");
  expect(words({ withCopies: false })).not.toContain("--with");
});

it.each<[TuneConfig["request"], string]>([
  [{ kind: "random", fraction: 0.1 }, "--random 0.1"],
  [{ kind: "random", count: 12 }, "--count 12"],
  [{ kind: "ids", file: "ids.csv" }, "--ids ids.csv"],
])("asks for %j by its flag", (request, flag) => {
  expect(words({ request })).toContain(` ${flag} --lr`);
});
