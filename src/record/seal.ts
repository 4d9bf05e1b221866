/** A record that carries the hash of its content, so that a change after it was written is noticed. */
import { CoppiceError } from "../util/errors.ts";
import { jsonHash } from "../util/hash.ts";

interface Sealed {
  readonly recordHash?: string | undefined;
}

/** `record` with the hash of all of it but the hash itself. */
export function sealRecord<T extends Sealed>(record: T): T & { recordHash: string } {
  return { ...record, recordHash: hashOf(record) };
}

/** Records of earlier versions have no hash, and are taken as they are. @throws CoppiceError E_CHECKPOINT when it was changed */
export function checkSeal<T extends Sealed>(record: T, where: string): T {
  const { recordHash } = record;
  if (recordHash === undefined || recordHash === hashOf(record)) return record;
  throw new CoppiceError("E_CHECKPOINT", `${where}: expected content of hash ${recordHash}, got ${hashOf(record)}`, {
    hint: "the file was changed after it was written: restore it, or make it again",
  });
}

function hashOf({ recordHash: _hash, ...content }: Sealed): string {
  return jsonHash(content);
}
