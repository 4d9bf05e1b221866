import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { loadPlugin } from "../../../src/library/index.ts";
import { hashOfModule, registries, requirePlugins } from "../../../src/plugins/index.ts";
import type { PluginRecord } from "../../../src/record/index.ts";
import { definePruner, omp } from "../../../src/prune/index.ts";
import { methodFile } from "../../support/plugin-file.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const recordOf = (name: string, path: string): PluginRecord => ({
  kind: "method",
  name,
  path,
  sha256: hashOfModule(path),
});
const refusal = async (plugin: PluginRecord, load?: typeof loadPlugin): Promise<string> =>
  await requirePlugins([plugin], "runs/a", load).then(
    () => "none",
    ({ message }: Error) => message,
  );

describe("the definitions of a run", () => {
  it("are none of most runs", async () => {
    const load = vi.fn(loadPlugin);
    await requirePlugins(undefined, "runs/a", load);
    await requirePlugins([], "runs/a", load);
    expect(load).not.toHaveBeenCalled();
  });

  it("are loaded from their files, once", async () => {
    const plugin = recordOf("scale-once", methodFile("scale-once"));
    const load = vi.fn(loadPlugin);
    await requirePlugins([plugin], "runs/a", load);
    await requirePlugins([plugin], "runs/a", load);
    expect(load).toHaveBeenCalledTimes(1);
    expect(registries.method.names).toContain("scale-once");
  });

  it("are named where they cannot be loaded: without a loader, without the file, or from a program", async () => {
    const plugin = recordOf("scale-lost", methodFile("scale-lost"));
    const path = plugin.path ?? "";
    expect(await refusal(plugin)).toBe(`runs/a: expected the method scale-lost, of ${path}, got none of that name`);
    rmSync(path);
    expect(await refusal(plugin, loadPlugin)).toBe(
      `runs/a: expected the method scale-lost in ${path}, got no such file`,
    );
    expect(await refusal({ kind: "detector", name: "nose" }, loadPlugin)).toBe(
      "runs/a: expected the detector nose, which a program defined, got none of that name",
    );
  });

  it("are refused when their file, or one that it imports, has changed, loaded or not", async () => {
    const folder = temporaryFolder();
    const path = methodFile("scale-changed", folder);
    const plugin = recordOf("scale-changed", path);
    writeFileSync(join(folder, "factor.ts"), "export const factor: number = 0.25;\n");
    const message = `runs/a: expected the method scale-changed as it was in ${path}, got another one`;
    expect(await refusal(plugin, loadPlugin)).toBe(message);
    await loadPlugin(path);
    expect(await refusal(plugin, loadPlugin)).toBe(message);
  });

  it("are taken as they are where a program has passed them", async () => {
    registries.pruner.add(definePruner({ ...omp, name: "of-a-program" }) as never);
    expect(await refusal({ kind: "pruner", name: "of-a-program" })).toBe("none");
  });
});
