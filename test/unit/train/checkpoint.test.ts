import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { saveSafetensors, tensor } from "../../../src/torch/index.ts";
import { CheckpointFile, type CheckpointState } from "../../../src/train/index.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { thrownBy } from "../../support/thrown-by.ts";

const summary = { epochs: 1, steps: 4, images: 24, seconds: 1.5, dataSeconds: 0.25, loss: 0.1, accuracy: 0.75 };
const state: CheckpointState = {
  position: {
    phase: 1,
    finished: [summary],
    epoch: 2,
    step: 3,
    totalSteps: 11,
    lossSum: 1 / 3,
    correct: 17,
    seen: 21,
    epochSeconds: 0.5,
    seconds: 2.5,
    dataSeconds: 0.125,
    lastLoss: 0.4,
    lastAccuracy: 0.5,
  },
  tensors: new Map([
    ["model.weight", tensor([0.5, -1])],
    ["generator.order", tensor(new Uint8Array([1, 2, 3]))],
  ]),
};

it("gives back what was saved, and null where nothing was", () => {
  const file = new CheckpointFile(join(temporaryFolder(), "state.safetensors"));
  expect(file.load()).toBeNull();
  file.save(state);
  const loaded = file.load();
  expect(loaded?.position).toEqual(state.position);
  expect([...(loaded?.tensors ?? [])].map(([name, value]) => [name, value.dtype, value.toArray()])).toEqual(
    [...state.tensors].map(([name, value]) => [name, value.dtype, value.toArray()]),
  );
  file.remove();
  expect(existsSync(file.path)).toBe(false);
  expect(() => file.remove()).not.toThrow();
});

it("refuses contents other than those that were saved", () => {
  const file = new CheckpointFile(join(temporaryFolder(), "state.safetensors"));
  file.save(state);
  const bytes = readFileSync(file.path);
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  writeFileSync(file.path, bytes);
  expect(thrownBy(() => file.load())).toMatchObject({
    code: "E_CHECKPOINT",
    message: `${file.path}: expected contents with their recorded hash, got others`,
    hint: "the checkpoint is damaged: delete it to start this stage again",
  });
});

it("refuses a position whose hash was made for other tensors", () => {
  const file = new CheckpointFile(join(temporaryFolder(), "state.safetensors"));
  file.save(state);
  const { position, sha256 } = metadataOf(file.path);
  saveSafetensors(file.path, new Map([["model.weight", tensor([0.5, 1])]]), { position, sha256 });
  expect(thrownBy(() => file.load()).message).toMatch(/expected contents with their recorded hash/);
});

function metadataOf(path: string): { position: string; sha256: string } {
  const bytes = readFileSync(path);
  const header = bytes.subarray(8, 8 + Number(bytes.readBigUInt64LE(0))).toString();
  return (JSON.parse(header) as { __metadata__: { position: string; sha256: string } }).__metadata__;
}
