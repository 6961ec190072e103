import { createHash } from "node:crypto";
import type { ApiContext } from "../contract/context.ts";

/**
 * Restate's page is Restate's code on our origin: it gets a policy with which it can ask Restate alone.
 *
 * - It may connect to paths below `/restate/` only, and load its own files only. Its inline scripts are allowed by their
 *   digests, so that nothing which it shows can become one.
 * - It has no frames and sends no forms. Windows that it opens are cut off from it where they show anything of ours, by
 *   `Cross-Origin-Opener-Policy`. Browsers ignore that header on plain HTTP, where the page may not open any.
 *
 * The page asks for the admin API at the root of its origin. A script of ours, which comes first, asks below `/restate/`.
 */
export const restateUiPath = "/ui/";
export const restateApiPath = "/restate/";

/** The page's HTML, with our script in it, and the headers of the answer. */
export function restateDocument(
  context: ApiContext,
  html: string,
  publicOrigin: string | undefined,
): { readonly html: string; readonly headers: Readonly<Record<string, string>> } {
  const document = html
    .replace("<head>", `<head><script>${redirectRequests}</script>`)
    // Browsers ask for it without the session's cookie.
    .replace(/<link rel="manifest"[^>]*>/, "");
  return { html: document, headers: documentHeaders(context, document, publicOrigin) };
}

/** For files of the page: as scripts of workers they have a policy of their own. */
export function restateFileHeaders(
  context: ApiContext,
  publicOrigin: string | undefined,
): Readonly<Record<string, string>> {
  const { own, api } = sourcesOf(context, publicOrigin);
  return {
    "content-security-policy": `default-src 'none'; script-src ${own}; connect-src ${api}; frame-ancestors 'none'`,
    // Their names have a digest. Shared caches may not keep what needs a session.
    ...(context.req.path.startsWith("/ui/assets/")
      ? { "cache-control": "private, max-age=31536000, immutable" }
      : {}),
  };
}

function documentHeaders(
  context: ApiContext,
  document: string,
  publicOrigin: string | undefined,
): Readonly<Record<string, string>> {
  const { own, api } = sourcesOf(context, publicOrigin);
  // Browsers leave this header out where there is neither HTTPS nor localhost.
  const isSecure = context.req.header("sec-fetch-site") !== undefined;
  const policy = [
    "default-src 'none'",
    `script-src ${own} ${inlineScripts(document).map(digestSource).join(" ")}`,
    `style-src ${own} 'unsafe-inline'`,
    `img-src ${own} data:`,
    `font-src ${own} data:`,
    `connect-src ${api} ${own}`,
    `worker-src ${own}`,
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    `sandbox allow-scripts allow-same-origin allow-forms allow-modals allow-downloads${isSecure ? " allow-popups" : ""}`,
  ];
  return {
    "content-security-policy": policy.join("; "),
    // Another value than that of all else here: what is opened has no way back to what opened it.
    "cross-origin-opener-policy": "same-origin-allow-popups",
  };
}

/**
 * As the browser knows this server. A policy cannot name a path of `'self'`, nor an address of IPv6: at such an address the
 * page may connect to all of this server.
 */
function sourcesOf({ req }: ApiContext, publicOrigin: string | undefined): { own: string; api: string } {
  const host = req.header("host") ?? "";
  if (!/^[\w.-]+(?::\d+)?$/.test(host)) return { own: "'self'", api: "'self'" };
  const servers = [host, ...(publicOrigin === undefined ? [] : [publicOrigin])];
  const below = (path: string) => servers.map((server) => `${server}${path}`).join(" ");
  return { own: below(restateUiPath), api: below(restateApiPath) };
}

/** What is between the tags of scripts that have no `src`. The HTML is a file of the server's binary. */
function inlineScripts(html: string): readonly string[] {
  return Array.from(html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([^]*?)<\/script>/g), ([, text = ""]) => text);
}

function digestSource(script: string): string {
  return `'sha256-${createHash("sha256").update(script).digest("base64")}'`;
}

/** A body is read first: over HTTP/1.1 browsers send none that is a stream. Refusals of ours get Restate's form of errors. */
const redirectRequests = `{
  const send = window.fetch.bind(window);
  window.fetch = async (input, init) => {
    const request = new Request(input, init);
    const { origin, pathname, search } = new URL(request.url);
    if (origin !== location.origin || pathname.startsWith("${restateUiPath}")) return await send(request);
    const { method, headers, signal } = request;
    const body = method === "GET" || method === "HEAD" ? undefined : await request.arrayBuffer();
    const path = "${restateApiPath}" + pathname.slice(1) + search;
    const response = await send(path, { method, headers, signal, body });
    if (response.headers.get("content-type") !== "application/problem+json") return response;
    const { detail } = await response.json();
    return Response.json({ message: detail }, { status: response.status });
  };
}`;
