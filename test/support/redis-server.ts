/** A real Redis server, for tests of the queue. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createConnection, createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { onTestFinished } from "vitest";
import { temporaryFolder } from "./temporary-folder.ts";

/**
 * `redis-server` or, from Debian's redis-tools, which starts no service, the check program: the same file, which serves under the other name.
 * Undefined where there is neither.
 */
export const redisProgram: string | undefined = ["redis-server", "redis-check-rdb"].find((name) =>
  spawnSync(name, ["--version"], { argv0: "redis-server", encoding: "utf8" }).stdout?.includes("Redis server"),
);

export class RedisServer {
  readonly port: number;
  readonly #folder: string;
  #process: ChildProcess | undefined;

  private constructor(port: number) {
    this.port = port;
    this.#folder = temporaryFolder();
    onTestFinished(() => this.kill());
  }

  /** Serves on a free port until the test is over. */
  static async start(): Promise<RedisServer> {
    const server = new RedisServer(await freePort());
    await server.restart();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Empty, on the same port. */
  async restart(): Promise<void> {
    const settings = ["--port", String(this.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
    this.#process = spawn(redisProgram ?? "", [...settings, "--dir", this.#folder], {
      argv0: "redis-server",
      stdio: "ignore",
    });
    while (!(await accepts(this.port))) {
      if (this.#process.exitCode !== null) throw new TypeError(`redis-server ended with ${this.#process.exitCode}`);
      await sleep(50);
    }
  }

  /** With everything in it. */
  async kill(): Promise<void> {
    const running = this.#process;
    this.#process = undefined;
    if (running === undefined || running.exitCode !== null) return;
    running.kill("SIGKILL");
    await once(running, "exit");
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
