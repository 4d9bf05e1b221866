import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { readTarGz } from "../../../src/data/tar-archive.ts";
import { CoppiceError } from "../../../src/util/errors.ts";
import { archiveOf, type ArchiveEntry } from "../../support/small-cifar10.ts";
import { specialFiles } from "../../support/special-files.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

function written(bytes: Uint8Array): string {
  const path = join(temporaryFolder(), "a.tar.gz");
  writeFileSync(path, bytes);
  return path;
}

/** Every regular file's `name size content`, and the MD5 returned. */
async function listed(bytes: Uint8Array): Promise<{ files: string[]; md5: string }> {
  const files: string[] = [];
  const md5 = await readTarGz(written(bytes), async ({ name, size, chunks }) => {
    let content = "";
    for await (const chunk of chunks) content += Buffer.from(chunk).toString();
    files.push(`${name} ${size} ${content}`);
  });
  return { files, md5 };
}

const entries: ArchiveEntry[] = [
  [{ name: "d", type: "directory" }],
  [{ name: "d/a" }, Buffer.from("alpha")],
  [{ name: "./d//b" }, Buffer.alloc(0)],
  [{ name: "d/link", type: "symlink", linkname: "a" }],
  [{ name: `${"long/".repeat(40)}c`, pax: { comment: "a header of its own" } }, Buffer.from("gamma")],
];

it("visits the regular files in order and returns the archive's checksum", async () => {
  const archive = await archiveOf(entries);
  expect(await listed(archive)).toEqual({
    files: ["d/a 5 alpha", "d/b 0 ", `${"long/".repeat(40)}c 5 gamma`],
    md5: createHash("md5").update(archive).digest("hex"),
  });
});

it("needs no visitor to read what it does not want", async () => {
  const names: string[] = [];
  await readTarGz(written(await archiveOf(entries)), async ({ name }) => {
    names.push(name);
  });
  expect(names).toHaveLength(3);
});

it("passes on what a visitor throws", async () => {
  const mine = new CoppiceError("E_DATA", "mine");
  const path = written(await archiveOf(entries));
  await expect(readTarGz(path, () => Promise.reject(mine))).rejects.toBe(mine);
});

it("refuses an entry whose header claims more than there is", async () => {
  const header = Buffer.alloc(512);
  header.write("a\0".padEnd(100, "\0"), 0, "latin1");
  header.write("0000644\0", 100, "latin1");
  header.write("77777777777\0", 124, "latin1"); // 8 GiB
  header.write("00000000000\0", 136, "latin1");
  header.write("        0", 148, "latin1");
  header.write("ustar\u000000", 257, "latin1");
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  await expect(listed(gzipSync(header))).rejects.toMatchObject({ code: "E_DATA" });
});

const absent = ["no such file", () => undefined] as const;
it.each([absent, ...specialFiles])("refuses %s in the place of the archive", async (what, make) => {
  const path = join(temporaryFolder(), "a.tar.gz");
  make(path);
  await expect(readTarGz(path, async () => undefined)).rejects.toMatchObject({
    code: "E_DATA",
    message: `${path}: expected a file that can be read, got ${what}`,
  });
});
