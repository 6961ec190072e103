import { createHash } from "node:crypto";
import type { ApiContext } from "../contract/context.ts";

/**
 * Restate's web UI is third-party code on our origin. Its content security policy lets it send requests to Restate
 * only.
 *
 * - It may connect to paths below `/restate/` only, and load its own files only. Its inline scripts are allowed by
 *   their digests, so that content which it displays cannot run as a script.
 * - It has no frames and submits no forms. `Cross-Origin-Opener-Policy` isolates it from windows that it opens with
 *   other pages of this server. Browsers ignore that header on plain HTTP, where the web UI may not open windows.
 *
 * The web UI expects the admin API at the root of its origin. A script that we insert first redirects its requests to
 * `/restate/`.
 */
export const restateUiPath = "/ui/";
export const restateApiPath = "/restate/";

/** The HTML of the web UI with the inserted script, and the headers of the response. */
export function restateDocument(
  context: ApiContext,
  html: string,
  publicOrigin: string | undefined,
): { readonly html: string; readonly headers: Readonly<Record<string, string>> } {
  const document = html
    .replace("<head>", `<head><script>${redirectRequests}</script>`)
    // Browsers request the manifest without the session cookie.
    .replace(/<link rel="manifest"[^>]*>/, "");
  return { html: document, headers: documentHeaders(context, document, publicOrigin) };
}

/** Headers of the other files. Scripts of workers need their own policy. */
export function restateFileHeaders(
  context: ApiContext,
  publicOrigin: string | undefined,
): Readonly<Record<string, string>> {
  const { own, api } = sourcesOf(context, publicOrigin);
  return {
    "content-security-policy": `default-src 'none'; script-src ${own}; connect-src ${api}; frame-ancestors 'none'`,
    // File names contain a digest. Shared caches must not store what requires a session.
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
  // Browsers omit this header unless the page was loaded over HTTPS or from localhost.
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
    // Differs from the value on all other responses, so that opened windows lose their reference to the opener.
    "cross-origin-opener-policy": "same-origin-allow-popups",
  };
}

/**
 * The origin of this server as the browser knows it. A policy cannot name a path of `'self'`, nor an IPv6 address: at
 * such an address the web UI may connect to this whole server.
 */
function sourcesOf({ req }: ApiContext, publicOrigin: string | undefined): { own: string; api: string } {
  const host = req.header("host") ?? "";
  if (!/^[\w.-]+(?::\d+)?$/.test(host)) return { own: "'self'", api: "'self'" };
  const servers = [host, ...(publicOrigin === undefined ? [] : [publicOrigin])];
  const below = (path: string) => servers.map((server) => `${server}${path}`).join(" ");
  return { own: below(restateUiPath), api: below(restateApiPath) };
}

/** The content of scripts without `src`. The HTML is a file of the server's binary. */
function inlineScripts(html: string): readonly string[] {
  return Array.from(html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([^]*?)<\/script>/g), ([, text = ""]) => text);
}

function digestSource(script: string): string {
  return `'sha256-${createHash("sha256").update(script).digest("base64")}'`;
}

/**
 * Bodies are read first because browsers do not send streams over HTTP/1.1. Rejections by Duranium are converted to
 * Restate's form of errors.
 */
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
