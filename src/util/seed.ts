/** One user-given seed, many independent streams: each purpose gets a separate seed. */
import { createHash } from "node:crypto";
import { expectInteger } from "./assert.ts";
import { RandomState } from "./random-state.ts";

/**
 * The first 63 bits of sha256(`${seed}:${purpose}`): a seed for one purpose ("init", "order", "augment", "noise", …).
 * `seed`: integer ≥ 0. The result fits libtorch's int64.
 */
export function deriveSeed(seed: number, purpose: string): bigint {
  expectInteger("seed", seed, { min: 0 });
  return createHash("sha256").update(`${seed}:${purpose}`).digest().readBigUInt64BE(0) >> 1n;
}

/** A generator for one purpose, seeded with the low 32 bits of {@link deriveSeed}. */
export function randomStateFor(seed: number, purpose: string): RandomState {
  return new RandomState(Number(BigInt.asUintN(32, deriveSeed(seed, purpose))));
}
