import { expect, it } from "vitest";
import { type Answer, get, Interrupted } from "../../../src/data/http-get.ts";
import { fileServer, send } from "../../support/file-server.ts";

const bytes = Buffer.from("0123456789");

async function text({ body }: Answer): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of body as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

it("gets a file whole or from a byte on", async () => {
  const { url, requests } = await fileServer((request, response) => send(request, response, bytes));
  const whole = await get(`${url}file`);
  expect([whole.from, whole.totalBytes, await text(whole)]).toEqual([0, 10, "0123456789"]);
  const rest = await get(`${url}file`, { from: 7 });
  expect([rest.from, rest.totalBytes, await text(rest)]).toEqual([7, 10, "789"]);
  expect(requests).toEqual(["/file", "/file bytes=7-"]);
});

it("starts from the beginning where the server does not go on", async () => {
  const ignoring = await fileServer((request, response) => send(request, response, bytes, { ranges: false }));
  expect(await text(await get(ignoring.url, { from: 7 }))).toBe("0123456789");

  const elsewhere = await fileServer((request, response) => {
    if (request.headers.range === undefined) send(request, response, bytes);
    else response.writeHead(206, { "content-range": "bytes 3-9/10" }).end("3456789");
  });
  const answer = await get(elsewhere.url, { from: 7 });
  expect([answer.from, await text(answer)]).toEqual([0, "0123456789"]);

  const beyond = await fileServer((request, response) => send(request, response, bytes));
  expect(await text(await get(beyond.url, { from: 10 }))).toBe("0123456789");
  expect(beyond.requests).toEqual(["/ bytes=10-", "/"]);
});

it("gives the bytes as they are when the server labels them as encoded", async () => {
  const { url } = await fileServer((_, response) => response.writeHead(200, { "content-encoding": "gzip" }).end("raw"));
  const answer = await get(url);
  expect([answer.totalBytes, await text(answer)]).toEqual([null, "raw"]);
});

it("follows redirects, but not for ever, and only to http and https", async () => {
  const { url, requests } = await fileServer((request, response) => {
    if (request.url === "/file") send(request, response, bytes);
    else response.writeHead(302, { location: request.url === "/a" ? "file" : "/loop" }).end();
  });
  expect(await text(await get(`${url}a`, { from: 4 }))).toBe("456789");
  expect(requests).toEqual(["/a bytes=4-", "/file bytes=4-"]);
  await expect(get(`${url}loop`)).rejects.toMatchObject({
    code: "E_DATA",
    message: expect.stringContaining("more than 5 redirects"),
  });

  const away = await fileServer((_, response) => response.writeHead(301, { location: "file:///etc/passwd" }).end());
  await expect(get(away.url)).rejects.toMatchObject({
    code: "E_DATA",
    message: 'download: expected an address with http or https, got "file:///etc/passwd"',
  });
  await expect(get("no address")).rejects.toMatchObject({ code: "E_DATA" });
});

it.each([404, 403, 400, 304, 204])("refuses for good on status %i", async (status) => {
  const { url } = await fileServer((_, response) => response.writeHead(status).end());
  const failure = get(url);
  await expect(failure).rejects.toMatchObject({
    code: "E_DATA",
    message: `${url}: expected the file, got HTTP status ${status}`,
  });
  await expect(failure).rejects.not.toBeInstanceOf(Interrupted);
});

it.each([500, 503, 429])("may be tried again on status %i", async (status) => {
  const { url } = await fileServer((_, response) => response.writeHead(status).end());
  await expect(get(url)).rejects.toBeInstanceOf(Interrupted);
});

it("may be tried again when nobody answers or the line is silent", async () => {
  await expect(get("http://127.0.0.1:1/")).rejects.toBeInstanceOf(Interrupted);
  const { url } = await fileServer(() => undefined);
  await expect(get(url, { idleMilliseconds: 50 })).rejects.toThrow("got no byte for 0.05 s");
});

it("cuts a line that falls silent in the middle", async () => {
  const { url } = await fileServer((_, response) => response.writeHead(200, { "content-length": 10 }).write("01234"));
  await expect(text(await get(url, { idleMilliseconds: 50 }))).rejects.toThrow();
});
