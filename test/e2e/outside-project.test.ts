/** A project outside of the repository: it installs the packed tarball, sets it up, and brings a method, a data set and an architecture. */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EvaluationRecord, RunRecord } from "../../src/record/index.ts";
import { repositoryRoot } from "../support/source-files.ts";

const root = mkdtempSync(join(tmpdir(), "coppice-outside-"));
const project = join(root, "project");
afterAll(() => rmSync(root, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly text: string;
}

function run(program: string, args: readonly string[], cwd = project): Ended {
  const { status, stdout, stderr } = spawnSync(program, [...args], { cwd, encoding: "utf8" });
  return { code: status, text: `${stdout}${stderr}` };
}

const coppice = (...args: string[]): Ended => run("npx", ["coppice", ...args]);
const readRun = (name: string): RunRecord =>
  JSON.parse(readFileSync(join(project, "runs", name, "run.json"), "utf8")) as RunRecord;

/** What a user writes: no line of it knows where Coppice lies. */
const files = {
  "negative-gradient.ts": `
import { defineMethod } from "coppice";
import { crossEntropy } from "coppice/nn";
import { constant, sgd } from "coppice/optim";

/** One epoch of gradient ascent on the forget set, then fine-tuning on the retain set. */
export const negativeGradient = defineMethod<{ readonly lr: number; readonly epochs: number }>({
  name: "negative-gradient",
  title: "Negative gradient with a retain term",
  description: "climbs the loss of the forget data, then fine-tunes on the retained data",
  source: "this project",
  cost: "one pass over the forget data, epochs passes over the retained data",
  needs: { retain: true, forget: true, start: "original" },
  options: {
    lr: { type: "number", default: 0.01, min: 0, aboveMin: true, description: "learning rate", source: "this project" },
    epochs: { type: "integer", default: 1, min: 1, description: "passes over the retained data", source: "this project" },
  },
  async run({ model, retain, forget, trainer }, { lr, epochs }) {
    const how = { optimizer: sgd(model.namedParameters(), { lr }), schedule: constant({ lr }) };
    await trainer.fit(forget, { ...how, epochs: 1, loss: ({ logits_NK, labels_N }) => crossEntropy(logits_NK, labels_N).neg() });
    await trainer.fit(retain, { ...how, epochs });
    return {};
  },
});
`,
  "shades.ts": `
import { inMemoryDataset } from "coppice";

const images = (part: string, count: number) =>
  Array.from({ length: count }, (_, i) => ({ id: \`\${part}-\${i}\`, image: new Uint8Array(64).fill(20 + 60 * (i % 4) + (i % 17)), label: i % 4 }));

export const shades = inMemoryDataset({
  name: "shades",
  description: "squares in four shades of grey, 8x8",
  channels: 1,
  height: 8,
  width: 8,
  classNames: ["black", "dark", "bright", "white"],
  train: images("train", 120),
  test: images("test", 40),
});
`,
  "three-layers.ts": `
import { defineArchitecture } from "coppice";
import { Model, type ResolvedModelSpec } from "coppice/models";
import { Conv2d, Flatten, Linear, Normalize, ReLU, Sequential } from "coppice/nn";
import type { Generator, Tensor } from "coppice/torch";

class ThreeLayers extends Model {
  readonly layers: Sequential;

  constructor(spec: ResolvedModelSpec, generator: Generator) {
    super(spec);
    const { inChannels, imageSize, numClasses, normalize } = spec;
    this.layers = this.registerModule(
      "layers",
      new Sequential(
        new Normalize(normalize),
        new Conv2d({ inChannels, outChannels: 8, kernelSize: 3, padding: 1 }, generator),
        new ReLU(),
        new Conv2d({ inChannels: 8, outChannels: 8, kernelSize: 3, padding: 1 }, generator),
        new ReLU(),
        new Flatten(),
        new Linear({ inFeatures: 8 * imageSize * imageSize, outFeatures: numClasses }, generator),
      ),
    );
  }

  override forward(images: Tensor): Tensor {
    return this.layers.call(images);
  }
}

export const threeLayers = defineArchitecture({
  name: "three-layers",
  description: "two convolutions and a linear layer",
  build: (spec, generator) => new ThreeLayers(spec, generator),
});
`,
  "types.ts": `
import { forget, openModel } from "coppice";
import { l1Sparse } from "coppice/unlearn";
import { negativeGradient } from "./negative-gradient.js";

l1Sparse({ gamma: 1e-4 });
// @ts-expect-error -- no such option
l1Sparse({ gama: 1 });
// @ts-expect-error -- a number is expected
negativeGradient({ lr: "0.1" });
export const work = async () => {
  const run = await forget("runs/original", { classes: [3] }, negativeGradient({ lr: 0.1 }), "runs/x");
  const model = await openModel(run);
  return model.classNames.length;
};
`,
  "library.mjs": `
import { evaluate, forget, loadPlugin, openModel, report } from "coppice";
import { zeros } from "coppice/torch";
await loadPlugin("three-layers.ts");
await loadPlugin("shades.ts");
const [{ name }] = await loadPlugin("negative-gradient.ts");
const run = await forget("runs/original", { classes: ["white"] }, name, "runs/by-library");
const { metrics } = await evaluate(run, { oracle: "runs/oracle" });
const model = await openModel(run);
console.log(JSON.stringify({ UA: metrics.UA, shape: model.call(zeros([2, 1, 8, 8])).shape, page: await report(run) }));
`,
} as const;

/** A recipe of the project. */
const grid = `
export const recipe = () => ({
  name: "shades",
  title: "Shades",
  preset: "quick",
  train: {
    data: { name: "shades", allowUnverified: false },
    split: { mode: "standard", validationFraction: 0.1 },
    arch: "three-layers",
    stem: "cifar",
    recipe: {
      epochs: 1, batchSize: 16, optimizer: "sgd", lr: 0.05, momentum: 0.9, weightDecay: 5e-4, nesterov: false,
      schedule: "constant", milestones: [], warmupEpochs: 0, augment: false,
    },
    rewindEpoch: 0,
    seed: 1,
    device: "cpu",
  },
  models: [{ id: "dense", label: "dense" }],
  scenarios: [{ id: "class", title: "A class", description: "white", request: { kind: "class", classes: ["white"] } }],
  rows: [{ method: "negative-gradient", options: { lr: 0.02 } }],
  seeds: [1],
  tests: [],
  findings: [],
  figures: [],
  notes: [],
});
`;

beforeAll(() => {
  execFileSync("npm", ["pack", "--ignore-scripts", "--pack-destination", root], {
    cwd: repositoryRoot,
    stdio: "ignore",
  });
  mkdirSync(project);
  writeFileSync(join(project, "package.json"), JSON.stringify({ name: "outside", private: true, type: "module" }));
  const tarball = readdirSync(root).find((name) => name.endsWith(".tgz")) ?? "";
  const install = ["install", "--no-audit", "--no-fund", "--prefer-offline", join(root, tarball)];
  execFileSync("npm", install, { cwd: project, stdio: "ignore" });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(project, name), text);
});

describe("the installed package", () => {
  it("says in one sentence that it is not set up, to commands and imports alike", () => {
    const { code, text } = coppice("methods");
    expect([code, text.trim().split("\n").length]).toEqual([1, 1]);
    expect(text).toMatch(/coppice is not set up: .*coppice\.node is missing; run `npx coppice setup`/);
    const importing = 'import("coppice").catch(({ message, hint }) => console.log(message, hint))';
    expect(run("node", ["-e", importing]).text).toMatch(/coppice is not set up: .* run `npx coppice setup`/);
  });

  it("needs no native library for reports", () => {
    const text = 'import("coppice/report").then((module) => console.log(typeof module.renderRunReport))';
    expect(run("node", ["-e", text]).text.trim()).toBe("function");
  });

  // Minutes where nothing is kept of an earlier build of the same sources, which a clone's set-up leaves for it.
  it("sets itself up", { timeout: 1_800_000 }, () => {
    const { code, text } = coppice("setup");
    expect(text).toMatch(/^ready/m);
    expect(code).toBe(0);
    expect(coppice("setup").text).toMatch(/ready +nothing to do/);
    expect(existsSync(join(project, "node_modules", "coppice", "build", "native", "coppice.node"))).toBe(true);
  });
});

describe("definitions of the project", () => {
  const plugins = ["--plugin", "three-layers.ts", "--plugin", "shades.ts", "--plugin", "negative-gradient.ts"];

  it("train, forget, evaluate and report through the command line", () => {
    const data = ["--data", "shades", "--arch", "three-layers", "--epochs", "4", "--batch-size", "16", "--lr", "0.05"];
    expect(coppice("train", ...plugins, ...data, "--no-augment", "--out", "runs/original")).toMatchObject({ code: 0 });
    const forget = ["forget", "--model", "runs/original", "--class", "white", ...plugins];
    expect(coppice(...forget, "--method", "retrain", "--out", "runs/oracle").code).toBe(0);
    expect(coppice(...forget, "--method", "negative-gradient", "--lr", "0.02", "--out", "runs/forgotten").code).toBe(0);
    expect(coppice("evaluate", "runs/forgotten", "--oracle", "runs/oracle").code).toBe(0);
    expect(coppice("report", "runs/forgotten").text.trim()).toMatch(/report\.html$/);
    const { method, plugins: used, data: trainedOn } = readRun("forgotten");
    expect(method).toMatchObject({ name: "negative-gradient", options: { lr: 0.02, epochs: 1 } });
    expect(used?.map(({ kind, name }) => `${kind} ${name}`).toSorted()).toEqual([
      "architecture three-layers",
      "dataset shades",
      "method negative-gradient",
    ]);
    expect(trainedOn.classNames).toEqual(["black", "dark", "bright", "white"]);
    const evaluation = readFileSync(join(project, "runs", "forgotten", "evaluation.json"), "utf8");
    expect((JSON.parse(evaluation) as EvaluationRecord).metrics.UA?.gap).toBeDefined();
  });

  it("can be searched by tune and stand in a grid of experiment", () => {
    const tune = ["tune", "--model", "runs/original", "--method", "negative-gradient", "--count", "6", "--trials", "2"];
    expect(coppice(...tune, ...plugins, "--out", "runs/tune")).toMatchObject({ code: 0 });
    writeFileSync(join(project, "grid.ts"), grid);
    const { code, text } = coppice("experiment", "grid.ts", ...plugins, "--out", "runs/grid");
    expect(code, text).toBe(0);
    expect(text).toMatch(/Negative gradient with a retain term/);
  });

  it("are listed with their options, and configured by coppice.config.ts", () => {
    const help = coppice("forget", "--method", "negative-gradient", "--help", ...plugins).text;
    expect(help).toMatch(/passes over the retained data/);
    writeFileSync(join(project, "coppice.config.ts"), 'export default { plugins: ["./negative-gradient.ts"] };\n');
    expect(coppice("methods", "negative-gradient").text).toMatch(/climbs the loss of the forget data/);
    rmSync(join(project, "coppice.config.ts"));
  });

  it("are loaded again for what comes after, or refused by name when they have changed", () => {
    expect(coppice("evaluate", "runs/forgotten").code).toBe(0);
    const path = join(project, "negative-gradient.ts");
    writeFileSync(path, `${files["negative-gradient.ts"]}// changed\n`);
    const { code, text } = coppice("evaluate", "runs/forgotten");
    expect([code, text]).toEqual([
      1,
      expect.stringMatching(/expected the method negative-gradient as it was in .*negative-gradient\.ts, got another/),
    ]);
    writeFileSync(path, files["negative-gradient.ts"]);
  });

  it("work through the library", () => {
    const { code, text } = run("node", ["library.mjs"]);
    expect(code, text).toBe(0);
    const { UA, shape, page } = JSON.parse(text.trim().split("\n").at(-1) ?? "") as {
      UA: { value: number; gap: number };
      shape: number[];
      page: string;
    };
    expect([shape, page]).toEqual([[2, 4], expect.stringMatching(/report\.html$/)]);
    expect(UA.gap).toBeCloseTo(Math.abs(UA.gap), 12);
  });

  it("are typed: a wrong option does not compile", () => {
    const tsc = join(repositoryRoot, "node_modules", ".bin", "tsc");
    const settings = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2022", "--skipLibCheck"];
    const lib = ["--lib", "es2023,esnext.disposable", "--types", ""];
    const names = Object.keys(files).filter((name) => name.endsWith(".ts"));
    expect(run(tsc, [...settings, ...lib, ...names])).toMatchObject({ code: 0, text: "" });
  });
});
