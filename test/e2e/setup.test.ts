/** What set-up plans on other machines: made-up roots and a PATH that holds nothing but what a test puts there. */
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { repositoryRoot } from "../support/source-files.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/** What every Debian has, even the smallest. */
const essential =
  "awk bash cat cut dirname env find getconf grep head mkdir readlink rm sha256sum sort stat tail uname xargs".split(
    " ",
  );
const debian = 'ID=debian\nVERSION_ID="12"\n';

let root: string;
let bin: string;
beforeEach(() => {
  root = temporaryFolder();
  bin = join(root, "path");
  mkdirSync(bin);
  for (const name of essential) {
    symlinkSync(execFileSync("bash", ["-c", `command -v ${name}`], { encoding: "utf8" }).trim(), join(bin, name));
  }
  symlinkSync(process.execPath, join(bin, "node"));
  program("id", "echo 0"); // root
  program("apt-get", "exit 1"); // there, but a plan does not call it
});

function file(path: string, text = ""): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function program(name: string, body: string): void {
  rmSync(join(bin, name), { force: true }); // a link to the real program must not be written through
  writeFileSync(join(bin, name), `#!/bin/bash\n${body}\n`);
  chmodSync(join(bin, name), 0o755);
}

/** A libtorch as far as set-up looks at it. */
function libtorch(prefix: string, version: string, lib = "lib"): void {
  const [major, minor, patch] = version.split(".");
  const numbers = [`MAJOR ${major}`, `MINOR ${minor}`, `PATCH ${patch}`].map(
    (line) => `#define TORCH_VERSION_${line}\n`,
  );
  file(`${prefix}/include/ATen/ATen.h`);
  file(`${prefix}/include/torch/csrc/api/include/torch/version.h`, numbers.join(""));
  file(`${prefix}/${lib}/libtorch_cpu.so`);
}

interface Outcome {
  readonly status: number | null;
  /** Both streams. */
  readonly text: string;
}

function bash(args: readonly string[], env: Record<string, string> = {}): Outcome {
  const { status, stdout, stderr } = spawnSync("/bin/bash", [...args], {
    cwd: repositoryRoot,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: bin, HOME: root, ...env },
  });
  return { status, text: stdout + stderr };
}

const plan = (env?: Record<string, string>): Outcome => bash(["scripts/setup.sh", "--plan", "--root", root], env);

/** Runs only the search, and prints what it found. */
function find(env?: Record<string, string>): string {
  const script = `
    root=${root}; fail() { echo "$1"; exit 1; }; source scripts/setup/libtorch.sh; find_libtorch
    echo "$torch_version abi=$torch_abi $torch_prefix ($torch_origin)"`;
  return bash(["-euc", script], env).text.trim();
}

describe("a machine without libtorch", () => {
  it("is given the distribution's packages, with a fast BLAS, on Debian", () => {
    file("etc/os-release", debian);
    const { status, text } = plan();
    expect(text).toContain("installing cmake ninja-build g++ libtorch-dev libopenblas0-pthread (apt-get");
    expect(text).toContain("if possible, dataset-fashion-mnist fonts-dejavu-core redis-tools");
    expect(text).toContain("native      building");
    expect(text).toContain("Nothing was changed.");
    expect(status).toBe(0);
  });

  it("is given only what is missing", () => {
    file("etc/os-release", 'ID=linuxmint\nID_LIKE="ubuntu debian"\n');
    file("usr/share/datasets/fashion-mnist/labels");
    file("usr/share/fonts/truetype/dejavu/DejaVuSans.ttf");
    file("usr/bin/redis-server");
    for (const tool of ["cmake", "ninja", "c++"]) program(tool, "exit 1");
    const { text } = plan();
    expect(text).toContain("installing libtorch-dev libopenblas0-pthread (apt-get");
    expect(text).not.toContain("if possible");
  });

  it("is told the command where nothing may be installed", () => {
    file("etc/os-release", debian);
    program("id", "echo 1000");
    program("sudo", "exit 1"); // asks for a password
    const { status, text } = plan();
    expect(text).toContain(
      "sudo apt-get install --no-install-recommends cmake ninja-build g++ libtorch-dev libopenblas0-pthread",
    );
    expect(text).toContain("sudo without a password");
    expect(status).toBe(1);
  });

  it("is installed on through a sudo that asks nothing", () => {
    file("etc/os-release", debian);
    program("id", "echo 1000");
    program("sudo", "exit 0");
    expect(plan()).toMatchObject({ status: 0, text: expect.stringContaining("installing cmake ninja-build g++") });
  });

  it.each([
    ["ID=fedora", "sudo dnf install cmake"],
    ['ID=rocky\nID_LIKE="rhel centos fedora"', "sudo dnf install cmake"],
    ["ID=arch", "sudo pacman -S --needed cmake ninja gcc python-pytorch"],
    ['ID=opensuse-tumbleweed\nID_LIKE="opensuse suse"', "sudo zypper install cmake"],
    ["ID=alpine", "musl"],
    ["ID=plan9", "install CMake, Ninja and a C++20 compiler"],
  ])("is told the command of its own system: %s", (release, command) => {
    file("etc/os-release", `${release}\n`);
    const { status, text } = plan();
    expect(text).toContain(command);
    expect(text).toContain("COPPICE_LIBTORCH");
    expect(status).toBe(1);
  });
});

describe("libtorch is found", () => {
  it("where COPPICE_LIBTORCH says, before anything else", () => {
    libtorch("mine", "2.13.0");
    libtorch("usr", "1.13.1", "lib/x86_64-linux-gnu");
    const found = `2.13.0 abi=1 ${root}/mine (COPPICE_LIBTORCH)`;
    expect(find({ COPPICE_LIBTORCH: join(root, "mine") })).toBe(found);
    expect(find({ COPPICE_LIBTORCH: join(root, "mine/share/cmake/Torch") })).toBe(found);
    expect(find({ COPPICE_LIBTORCH: `${join(root, "mine/share/cmake")}/` })).toBe(found);
  });

  it("or not at all, when COPPICE_LIBTORCH is wrong", () => {
    libtorch("usr", "1.13.1");
    libtorch("old", "1.12.1");
    file("bare/lib/libtorch_cpu.so");
    const message = "COPPICE_LIBTORCH: expected a libtorch 1.13 or later";
    expect(find({ COPPICE_LIBTORCH: join(root, "nowhere") })).toContain(message);
    expect(find({ COPPICE_LIBTORCH: join(root, "bare") })).toContain("no headers under");
    expect(find({ COPPICE_LIBTORCH: join(root, "old") })).toContain("version 1.12.1");
    expect(plan({ COPPICE_LIBTORCH: join(root, "nowhere") }).status).toBe(1);
  });

  it("in python3's torch, before the system's", () => {
    libtorch("site-packages/torch", "2.5.1");
    libtorch("usr", "1.13.1", "lib/x86_64-linux-gnu");
    program("python3", `printf '%s\\n' ${root}/site-packages/torch ${root}/venv`);
    expect(find()).toBe(`2.5.1 abi=1 ${root}/site-packages/torch (the torch of ${bin}/python3)`);
  });

  it("in the system, when python3's torch brings no headers, is too old, or there is none", () => {
    libtorch("usr", "1.13.1", "lib/x86_64-linux-gnu");
    const system = `1.13.1 abi=1 ${root}/usr (the system's)`;
    file("dist-packages/torch/lib/libtorch_cpu.so"); // as Debian's python3-torch
    program("python3", `printf '%s\\n' ${root}/dist-packages/torch /usr`);
    expect(find()).toBe(system);
    libtorch("dist-packages/torch", "1.8.0");
    expect(find()).toBe(system);
    program("python3", "exit 1");
    expect(find()).toBe(system);
  });

  it("with the old C++ ABI where the wheel was built with it", () => {
    libtorch("wheel", "2.1.0");
    file("wheel/share/cmake/Torch/TorchConfig.cmake", 'set(TORCH_CXX_FLAGS "-D_GLIBCXX_USE_CXX11_ABI=0")\n');
    expect(find({ COPPICE_LIBTORCH: join(root, "wheel") })).toContain("2.1.0 abi=0");
  });

  it("with the version where 2.9 and later keep it", () => {
    libtorch("new", "2.13.0");
    file("new/include/torch/csrc/api/include/torch/version.h", "#include <torch/headeronly/version.h>\n");
    const header = ["MAJOR 2", "MINOR 13", "PATCH 0", "ABI_TAG 0"]
      .map((line) => `#define TORCH_VERSION_${line}\n`)
      .join("");
    file("new/include/torch/headeronly/version.h", header);
    expect(find({ COPPICE_LIBTORCH: join(root, "new") })).toContain("2.13.0 ");
  });
});

describe("the system's libtorch", () => {
  beforeEach(() => {
    file("etc/os-release", debian);
    libtorch("usr", "1.13.1", "lib/x86_64-linux-gnu");
    for (const tool of ["cmake", "ninja", "c++"]) program(tool, "exit 1");
  });

  it("is given a fast BLAS when it would run on the reference one", () => {
    file("usr/lib/x86_64-linux-gnu/blas/libblas.so.3");
    symlinkSync("blas/libblas.so.3", join(root, "usr/lib/x86_64-linux-gnu/libblas.so.3"));
    expect(plan().text).toContain("installing libopenblas0-pthread (apt-get");
  });

  it("is not changed when it has one", () => {
    file("usr/lib/x86_64-linux-gnu/openblas-pthread/libblas.so.3");
    symlinkSync("openblas-pthread/libblas.so.3", join(root, "usr/lib/x86_64-linux-gnu/libblas.so.3"));
    expect(plan().text).not.toContain("libopenblas0-pthread");
  });
});

describe("set-up refuses", () => {
  it("an old Node, in a sentence", () => {
    program("node", "echo 18.19.0");
    expect(plan()).toMatchObject({
      status: 1,
      text: expect.stringContaining("needs Node 20.19 or later, got 18.19.0"),
    });
  });

  it("an unknown option, before it does anything", () => {
    const { status, text } = bash(["scripts/setup.sh", "--claen"]);
    expect(text).toContain("unknown option --claen");
    expect(text).toContain("--clean");
    expect(status).toBe(1);
  });

  it("to install onto another root", () => {
    expect(bash(["scripts/setup.sh", "--root", root])).toMatchObject({
      status: 1,
      text: expect.stringContaining("--plan"),
    });
  });
});
