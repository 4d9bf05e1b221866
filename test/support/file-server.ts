/** A local HTTP server that misbehaves on purpose. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

export interface FileServer {
  /** Address with a trailing slash. */
  readonly url: string;
  /** `path range` of each request, in order; range "" where none was asked for. */
  readonly requests: string[];
}

export type Handler = (request: IncomingMessage, response: ServerResponse, number: number) => void;

/** Serves on 127.0.0.1 until the test is over; `number` counts requests from 0. */
export async function fileServer(handle: Handler): Promise<FileServer> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.url} ${request.headers.range ?? ""}`.trim());
    handle(request, response, requests.length - 1);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, requests };
}

export interface Sending {
  /** The connection is cut after so many bytes of the answer. */
  readonly cutAfter?: number | undefined;
  /** Whether ranges are honoured; default true. */
  readonly ranges?: boolean | undefined;
}

/** Answers as a well-behaved server would, but for `sending`. */
export function send(request: IncomingMessage, response: ServerResponse, bytes: Buffer, sending: Sending = {}): void {
  const { cutAfter, ranges = true } = sending;
  const from = ranges ? Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0) : 0;
  if (from >= bytes.length) {
    response.writeHead(416, { "content-range": `bytes */${bytes.length}` }).end();
    return;
  }
  const range = from > 0 ? { "content-range": `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {};
  response.writeHead(from > 0 ? 206 : 200, { "content-length": bytes.length - from, ...range });
  const body = bytes.subarray(from);
  if (cutAfter === undefined || cutAfter >= body.length) response.end(body);
  // A moment later: bytes still on their way when a connection is reset are lost, and how many is chance.
  else response.write(body.subarray(0, cutAfter), () => setTimeout(() => response.destroy(), 100));
}
