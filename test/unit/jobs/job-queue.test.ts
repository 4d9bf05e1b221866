import { createServer, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { openReceiver, openSender, withoutPassword } from "../../../src/jobs/job-queue.ts";

it.each([
  ["redis://host:6379", "redis://host:6379"],
  ["redis://:secret@host", "redis://:***@host"],
  ["rediss://me:secret@host:6379/1", "rediss://me:***@host:6379/1"],
  ["--queue=redis://me:se:cret@host", "--queue=redis://me:***@host"],
  ["redis://me:s@cre/t@host/1", "redis://me:***@host/1"],
  ["redis://me@host", "redis://me@host"],
  ["runs/a:b@c", "runs/a:b@c"],
])("prints %s as %s", (url, printed) => {
  expect(withoutPassword(url)).toBe(printed);
});

it.each(["localhost:6379", "http://me:secret@host"])("refuses the address %s", async (url) => {
  const error = await openSender(url, { log: () => undefined }).catch((thrown: unknown) => String(thrown));
  expect(error).toContain("--queue: expected an address like redis://host:6379, got");
  expect(error).not.toContain("secret");
});

/** The address of a server that takes connections and gives `answer` to what it reads. */
async function serverThat(answer: (text: string, socket: Socket) => void): Promise<string> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => undefined).on("data", (bytes) => answer(bytes.toString(), socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `redis://me:secret@127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe.each([
  ["a sender", openSender],
  ["a receiver", openReceiver],
] as const)("%s of a server", (_, open) => {
  it("that never answers is given up with a sentence", async () => {
    const url = await serverThat(() => undefined);
    await expect(open(url, { log: () => undefined, answerSeconds: 0.2 })).rejects.toMatchObject({
      code: "E_CONFIG",
      message: expect.stringMatching(
        /^redis:\/\/me:\*\*\*@.*: expected a Redis or Valkey server, got: no answer within 0.2 s$/,
      ),
    });
  });

  it("that is no Redis is refused", async () => {
    const url = await serverThat((__, socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    await expect(open(url, { log: () => undefined })).rejects.toMatchObject({ code: "E_CONFIG" });
  });

  it("that never answers is not waited for when asked to stop", async () => {
    const url = await serverThat(() => undefined);
    const signal = AbortSignal.timeout(100);
    await expect(open(url, { log: () => undefined, signal })).rejects.toMatchObject({ name: "Interrupted" });
  });
});

/** What Redis answers to the commands in `text` until an entry is waited for; nothing to any later one. */
function handshake(text: string, socket: Socket): void {
  for (const [, command = ""] of text.matchAll(/\*\d+\r\n\$\d+\r\n(\w+)\r\n/g)) {
    const information = "redis_version:7.2.0\r\nloading:0\r\n";
    if (command.toLowerCase() === "info") socket.write(`$${information.length}\r\n${information}\r\n`);
    else if (["client", "select", "auth"].includes(command.toLowerCase())) socket.write("+OK\r\n");
    else if (text.includes(":stalled-check")) socket.write("*0\r\n");
  }
}

describe("a server that stops answering", () => {
  it("is said once a wait, waited for with the same request, and left without it", async () => {
    const url = await serverThat(handshake);
    const said: string[] = [];
    const receiver = await openReceiver(url, { log: (message) => said.push(message), answerSeconds: 0.3 });
    expect([await receiver.receive(), said]).toEqual([null, []]); // still an answer: there is no job
    expect([await receiver.receive(), await receiver.receive()]).toEqual([null, null]);
    expect(said).toEqual(Array(2).fill(expect.stringMatching(/: no answer within 0\.3 s; waiting for one$/)));
    const waiting = receiver.receive();
    await receiver.close();
    expect(await waiting).toBeNull();
  });

  it("keeps no sender from closing", async () => {
    const url = await serverThat(handshake);
    const said: string[] = [];
    const sender = await openSender(url, { log: (message) => said.push(message), answerSeconds: 0.1 });
    const sent = sender.send([{ key: "a", code: "1", store: "2", plugins: [], spec: {} }]).catch(() => "closed");
    await vi.waitFor(() => expect(said).toHaveLength(1));
    await sender.close();
    expect(await sent).toBe("closed");
  });
});
