import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { waitingVariables } from "../../../src/torch/thread-waiting.ts";

const names = ["OPENBLAS_THREAD_TIMEOUT", "GOMP_SPINCOUNT", "OMP_WAIT_POLICY"];

describe("waitingVariables", () => {
  beforeEach(() => names.forEach((name) => vi.stubEnv(name, undefined)));
  afterEach(() => vi.unstubAllEnvs());

  it("makes OpenBLAS's and OpenMP's threads sleep soon", () => {
    expect(waitingVariables()).toEqual({ OPENBLAS_THREAD_TIMEOUT: "4", GOMP_SPINCOUNT: "1000" });
  });

  it.each(["OPENBLAS_THREAD_TIMEOUT", "GOMP_SPINCOUNT"])(
    "leaves both as they are where the user has set %s",
    (name) => {
      vi.stubEnv(name, "26");
      expect(waitingVariables()).toEqual({});
    },
  );

  it("leaves OpenMP as it is where the user has chosen a policy", () => {
    vi.stubEnv("OMP_WAIT_POLICY", "active");
    expect(waitingVariables()).toEqual({ OPENBLAS_THREAD_TIMEOUT: "4" });
  });
});

// libgomp prints what it has read from the environment when it is loaded; other OpenMP runtimes have other variables.
describe.runIf(process.platform === "linux")("the library, loaded", () => {
  const binding = fileURLToPath(new URL("../../../src/torch/binding.ts", import.meta.url));

  function load(environment: Record<string, string>): { spinCount: string | undefined; inherited: string } {
    const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !names.includes(name)));
    const script = `import(${JSON.stringify(binding)}).then(() => console.log(
      ${JSON.stringify(names)}.filter((name) => process.env[name] !== undefined).join()))`;
    const { stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", "-e", script], {
      env: { ...inherited, ...environment, OMP_DISPLAY_ENV: "verbose" },
      encoding: "utf8",
    });
    return { spinCount: /GOMP_SPINCOUNT = '(\d+)'/.exec(stderr)?.[1], inherited: stdout.trim() };
  }

  it("has the variables when its libraries read them, and leaves none to the programs that it starts", () => {
    expect(load({})).toEqual({ spinCount: "1000", inherited: "" });
  });

  it("has the user's where there are some", () => {
    expect(load({ GOMP_SPINCOUNT: "77" })).toEqual({ spinCount: "77", inherited: "GOMP_SPINCOUNT" });
    expect(load({ OMP_WAIT_POLICY: "passive" })).toEqual({ spinCount: "0", inherited: "OMP_WAIT_POLICY" });
  });
});
