import { parseDataUrl } from "./data-url.ts";
import { blobAt } from "../data/object-urls.ts";
import { receivedResponse, type Response } from "./response.ts";

/**
 * The response to a URL that needs no network: `data:` and `blob:` (Fetch standard, section 4.3). `undefined` if
 * the host must make the request.
 */
export function fetchLocally({
  url,
  method,
}: {
  readonly url: string;
  readonly method: string;
}): Promise<Response> | undefined {
  if (url.startsWith("data:")) return fetchData(url, method);
  return url.startsWith("blob:") ? fetchBlob(url, method) : undefined;
}

async function fetchData(url: string, method: string): Promise<Response> {
  const data = parseDataUrl(new URL(url));
  if (data === undefined)
    throw new TypeError(`Cannot fetch a data: URL that is malformed: ${url.slice(0, 60)}`);
  return respond(url, data.type, method === "HEAD" ? null : data.bytes);
}

async function fetchBlob(url: string, method: string): Promise<Response> {
  const blob = blobAt(url);
  if (blob === undefined)
    throw new TypeError(`Cannot fetch ${url.slice(0, 60)}: there is no blob at this URL, or not any more`);
  if (method !== "GET")
    throw new TypeError(`Cannot fetch ${url.slice(0, 60)} by ${method}: blobs are read by GET`);
  const headers: [string, string][] = [["content-length", String(blob.size)]];
  return respond(url, blob.type, new Uint8Array(await blob.arrayBuffer()), headers);
}

function respond(
  url: string,
  type: string,
  bytes: Uint8Array<ArrayBuffer> | null,
  headers: [string, string][] = [],
): Response {
  const head = { status: 200, statusText: "OK", url: url.replace(/#.*$/, ""), redirected: false };
  return receivedResponse({ ...head, headers: [...headers, ["content-type", type]] }, bytes);
}
