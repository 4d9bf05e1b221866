import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createModel } from "../../../src/models/index.ts";
import { breakEven, crossing, keyOf } from "../../../src/sparse/break-even.ts";
import { Generator, liveTensors } from "../../../src/torch/index.ts";
import { Trainer } from "../../../src/train/index.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import "../../support/one-thread.ts";

const normalize = { mean: [0, 0, 0], std: [1, 1, 1] };
const model = createModel({ arch: "resnet20s", numClasses: 4, imageSize: 4, normalize }, Generator.seeded(0));
const { spec } = model;
model.dispose();

describe("crossing", () => {
  it("is where the line through both shares meets the dense time", () => {
    expect(crossing(0.7, [0.1, 0.5], [0.2, 0.6])).toBeCloseTo(0.6, 12);
    expect(crossing(0.3, [0.1, 0.5], [0.2, 0.6])).toBeCloseTo(0.2, 12);
  });

  it("stays between never and always", () => {
    expect(crossing(5, [0.1, 0.5], [0.2, 0.6])).toBe(1);
    expect(crossing(0.05, [0.1, 0.5], [0.2, 0.6])).toBe(0);
    expect(crossing(1, [0.1, 0.5], [0.6, 0.6])).toBe(1);
    expect(crossing(0.5, [0.1, 0.5], [0.7, 0.6])).toBe(0);
  });
});

describe("breakEven", () => {
  let folder = "";
  const file = (): string => join(folder, "break-even.json");
  const said: string[] = [];
  const log = (message: string): void => void said.push(message);

  beforeEach(() => {
    folder = join(temporaryFolder(), "cache");
    vi.stubEnv("COPPICE_CACHE", folder);
    said.length = 0;
  });
  afterEach(() => vi.unstubAllEnvs());

  it("measures once and then remembers, and leaves no tensors behind", async () => {
    const before = liveTensors();
    // What the steps take: dense, a tenth alive, half alive; in the first turn less, which must not count.
    const took = [
      [0.1, 0.1, 0.1],
      [0.7, 0.2, 0.6],
      [0.8, 0.2, 0.7],
      [0.9, 0.4, 0.6],
    ].flat();
    // oxlint-disable-next-line typescript/unbound-method -- called on a trainer below
    const { fit } = Trainer.prototype;
    const steps = vi.spyOn(Trainer.prototype, "fit").mockImplementation(async function (this: Trainer, ...given) {
      return { ...(await fit.apply(this, given)), seconds: took[steps.mock.calls.length - 1] ?? NaN };
    });
    const measured = await breakEven(spec, "float32", log);
    expect(steps).toHaveBeenCalledTimes(took.length);
    steps.mockRestore();
    expect(liveTensors()).toBe(before);
    expect(said).toEqual([expect.stringMatching(/measuring once on this machine how sparse resnet20s must be/)]);
    // The masks are drawn, so their shares are near a tenth and a half.
    expect(measured.share).toBeCloseTo(crossing(0.7, [0.1, 0.5], [0.2, 0.6]), 1);
    expect(measured.denseSecondsPerImage).toBeCloseTo(0.7 / 64, 12);
    expect(await breakEven(spec, "float32", log)).toEqual(measured);
    expect(said).toHaveLength(1);
  });

  it("knows other networks and other kernels apart", () => {
    expect(keyOf({ ...spec, imageSize: 32 })).not.toBe(keyOf(spec));
    expect(keyOf(spec, "bf16")).not.toBe(keyOf(spec));
    const key = keyOf(spec);
    vi.stubEnv("COPPICE_KERNELS", "scalar");
    expect(keyOf(spec)).not.toBe(key);
  });

  it("keeps what it knew of others, and measures again what is damaged", async () => {
    mkdirSync(folder);
    const other = { share: 0.5, denseSecondsPerImage: 1, measuredAt: "2026-11-25T12:00:00.000Z" };
    writeFileSync(file(), JSON.stringify({ other }));
    const measured = await breakEven(spec, "float32", log);
    expect(JSON.parse(readFileSync(file(), "utf8"))).toEqual({ other, [keyOf(spec)]: measured });
    writeFileSync(file(), '{"other": {"sha');
    await breakEven(spec, "float32", log);
    expect(Object.keys(JSON.parse(readFileSync(file(), "utf8")) as object)).toEqual([keyOf(spec)]);
    expect(said).toHaveLength(2);
  });

  it("says where it cannot remember", async () => {
    writeFileSync(folder, "not a folder");
    expect((await breakEven(spec, "float32", log)).denseSecondsPerImage).toBeGreaterThan(0);
    expect(said[1]).toMatch(/break-even\.json cannot be written: the next run measures again/);
  });
});
