/** One HTTP(S) answer, raw: no decoding, redirects followed, a silent connection cut. */
import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { defined } from "../util/defined.ts";
import { CoppiceError, messageOf } from "../util/errors.ts";
import { shown } from "../util/shown.ts";

export interface GetOptions {
  /** First byte wanted, where the beginning is already there. Default 0. */
  readonly from?: number;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds without a byte after which the connection counts as cut. Default 30,000. */
  readonly idleMilliseconds?: number | undefined;
}

export interface Answer {
  /** The body begins with this byte of the file: `from` where the server agreed, else 0. */
  readonly from: number;
  /** Bytes of the whole file, null where the server does not say. */
  readonly totalBytes: number | null;
  readonly body: IncomingMessage;
}

/** A failure that another try may cure: a cut or refused connection, a busy server. */
export class Interrupted extends CoppiceError {
  constructor(address: string, got: string, cause?: unknown) {
    super("E_DATA", `${address}: expected the file, got ${got}`, {
      hint: "check the connection and run the command again: it goes on where it stopped",
      cause,
    });
  }
}

const MAX_REDIRECTS = 5;
const RETRY_STATUS: readonly (number | undefined)[] = [408, 429, 500, 502, 503, 504];

/**
 * Asks for the file at `url`, from the beginning if the server will not go on at `from`. The body still has to be read or destroyed.
 * Throws Interrupted when another try may help, else E_DATA (no address, not found, refused, too many redirects).
 */
export async function get(url: string, options: GetOptions = {}): Promise<Answer> {
  const { from = 0 } = options;
  let address = url;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const body = await ask(address, options);
    const { statusCode = 0, headers } = body;
    if (statusCode === 200) return { from: 0, totalBytes: numberOrNull(headers["content-length"]), body };
    const [, start, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers["content-range"] ?? "") ?? [];
    if (statusCode === 206 && Number(start) === from) return { from, totalBytes: numberOrNull(total), body };
    body.destroy();
    if ((statusCode === 206 || statusCode === 416) && from > 0) return get(url, { ...options, from: 0 });
    if (RETRY_STATUS.includes(statusCode)) throw new Interrupted(address, `HTTP status ${statusCode}`);
    if (statusCode < 300 || statusCode >= 400 || headers.location === undefined) throw refused(address, statusCode);
    address = absolute(headers.location, address);
  }
  throw new CoppiceError("E_DATA", `${url}: expected the file, got more than ${MAX_REDIRECTS} redirects`, { hint });
}

function ask(address: string, options: GetOptions): Promise<IncomingMessage> {
  const { from = 0, signal, idleMilliseconds = 30_000 } = options;
  const request = absolute(address).startsWith("https:") ? requestHttps : requestHttp;
  const headers = { "accept-encoding": "identity", ...(from > 0 ? { range: `bytes=${from}-` } : {}) };
  return new Promise((resolve, reject) => {
    const asked = request(address, { headers, ...defined({ signal }) }, resolve);
    const timeout = `no byte for ${idleMilliseconds / 1000} s`;
    asked.setTimeout(idleMilliseconds, () => asked.destroy(new Interrupted(address, timeout)));
    asked.on("error", (cause) => {
      reject(cause instanceof Interrupted ? cause : new Interrupted(address, messageOf(cause), cause));
    });
    asked.end();
  });
}

/** `address` as a whole http or https address; a relative one is seen from `base`. */
function absolute(address: string, base?: string): string {
  if (URL.canParse(address, base)) {
    const url = new URL(address, base);
    if (url.protocol === "http:" || url.protocol === "https:") return url.href;
  }
  throw new CoppiceError("E_DATA", `download: expected an address with http or https, got ${shown(address)}`);
}

function numberOrNull(text: string | undefined): number | null {
  return text === undefined || text === "*" ? null : Number(text);
}

function refused(address: string, statusCode: number): CoppiceError {
  return new CoppiceError("E_DATA", `${address}: expected the file, got HTTP status ${statusCode}`, { hint });
}

const hint = "get the files in another way and name their folder with --data-folder";
