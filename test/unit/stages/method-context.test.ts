/** What a method did not declare it does not get. */
import { describe, expect, it } from "vitest";
import { DeviceImages } from "../../../src/data/index.ts";
import { heldOut, methodContext } from "../../../src/stages/method-context.ts";
import type { SplitManifest } from "../../../src/record/split.ts";
import { methodNamed } from "../../../src/unlearn/index.ts";
import { thrownBy } from "../../support/thrown-by.ts";
import { tinyNet } from "../../support/tiny-net.ts";

const labels = Uint8Array.of(0, 1, 2, 0, 1, 2);
const shape = { channels: 1, height: 1, width: 1 };
const train = new DeviceImages({ images: new Uint8Array(6), labels, count: 6, ids: String }, shape, "cpu");
const loaded = { dataset: { digest: "d", train: { labels } }, train } as never;
const indices = { train: [0, 1, 2, 3], validation: [4, 5], forget: [1], retain: [0, 2, 3], test: [] };
const split = { scenario: { kind: "class", classes: [1] }, indices } as unknown as SplitManifest;

function contextOf(method: string, options: object = {}): ReturnType<typeof methodContext> {
  const folder = { folder: (name: string) => `/nowhere/${name}` };
  const recipe = { epochs: 1, lr: 0.1 };
  const parent = { loaded, original: { recipe }, record: { kind: "train" }, folder };
  const rest = {
    folder,
    split,
    model: tinyNet(),
    mask: null,
    engine: null,
    trainer: {},
    context: { log: () => undefined },
  };
  return methodContext({
    method: methodNamed(method),
    config: { seed: 1, device: "cpu", options },
    parent,
    ...rest,
  } as never);
}

describe("the context of a method", () => {
  it("gives what the method declares", () => {
    expect(contextOf("finetune").retain.count).toBe(3);
    expect(contextOf("gradient-ascent").forget.count).toBe(1);
    expect(contextOf("scrub", { rewind: "validation" }).validation.count).toBe(1);
    expect(contextOf("finetune").original.imageIndices).toEqual({ retain: [0, 2, 3], forget: [1] });
  });

  it("refuses everything else", () => {
    const refused = (read: () => unknown): string => thrownBy(read).message;
    expect(refused(() => contextOf("finetune").forget)).toBe(
      "finetune: expected a method to read only data that it declares, got a read of the forget data",
    );
    expect(refused(() => contextOf("gradient-ascent").retain)).toMatch(/a read of the retain data$/);
    expect(refused(() => contextOf("scrub", { rewind: "none" }).validation)).toMatch(/a read of held-out data$/);
  });
});

describe("held-out images", () => {
  it("are those of the forgotten classes, or all where single images are forgotten", () => {
    expect(heldOut(loaded, split, "scrub").count).toBe(1);
    expect(heldOut(loaded, { ...split, scenario: { kind: "random" } } as never, "scrub").count).toBe(2);
    const none = { ...split, indices: { ...indices, validation: [] } };
    expect(thrownBy(() => heldOut(loaded, none, "scrub")).message).toMatch(
      /^scrub: expected images held out of training/,
    );
  });
});
