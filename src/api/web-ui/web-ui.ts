import { basename } from "node:path/posix";
import { DuraniumError } from "../../domain/errors.ts";
import type { ApiContext } from "../contract/context.ts";
import { preferredEncoding, prefersHtml } from "../http/accept.ts";
import { immutable, isKnown } from "../http/entity-tag.ts";
import { contentTypeOf } from "./web-ui-files.ts";
import type { WebUiFile, WebUiFiles } from "./web-ui-files.ts";

/**
 * Serves the web UI: its document at `/`, if the client accepts HTML, and at all paths below `/app`, which the web UI
 * routes itself; and its files. All other paths belong to the API.
 */
export function serveWebUi(files: WebUiFiles) {
  return async (context: ApiContext, next: () => Promise<void>): Promise<Response | void> => {
    const { method } = context.req;
    const file = method === "GET" || method === "HEAD" ? fileFor(files, context) : undefined;
    return file === undefined ? await next() : await answer(files, file, context);
  };
}

/** Path patterns that belong to the web UI alone. */
export const webUiPaths = ["/app", "/app/*", "/assets/*", "/docs", "/docs/"];

/** The error for a path of the web UI that has no file. */
export function missingWebUiFile(path: string, page: keyof typeof reasons): DuraniumError {
  return new DuraniumError("route-not-found", `There is nothing at ${path}: ${reasons[page]}`);
}

const reasons = {
  built: "it may be from another release: load the page again",
  unbuilt: "the page is not built: `node scripts/build-web.ts` does it, and `npm start` before it starts",
  replaced: "the page was built again since this server started: start it again",
};

function fileFor(files: WebUiFiles, context: ApiContext): WebUiFile | undefined {
  const { path } = context.req;
  if (path === "/") return prefersHtml(context.req.header("accept")) ? files.find(document) : undefined;
  if (path === "/docs" || path === "/docs/") return files.find(apiReference);
  if (path === "/app" || path.startsWith("/app/")) return files.find(document);
  return files.find(path.slice(1));
}

const document = "index.html";
const apiReference = "docs.html";

async function answer(files: WebUiFiles, file: WebUiFile, context: ApiContext): Promise<Response> {
  const encoding = preferredEncoding(context.req.header("accept-encoding"), file.encodings);
  const tag = `"${file.digest.slice(0, 32)}${encoding === undefined ? "" : `-${encoding}`}"`;
  const headers = {
    ...securityHeaders,
    "content-security-policy": policyOf(file.path),
    "cache-control": file.path.startsWith("assets/") ? immutable : "no-cache",
    etag: tag,
    vary: file.path === document ? "accept, accept-encoding" : "accept-encoding",
  };
  if (isKnown(context, tag)) return new Response(null, { status: 304, headers });
  const bytes = await files.read(file, encoding).catch((error: NodeJS.ErrnoException) => {
    throw error.code === "ENOENT" ? missingWebUiFile(context.req.path, "replaced") : error;
  });
  return new Response(bytes, {
    headers: {
      ...headers,
      "content-type": contentTypeOf(file.path),
      "content-length": String(bytes.length),
      ...(encoding === undefined ? {} : { "content-encoding": encoding }),
    },
  });
}

const securityHeaders: Readonly<Record<string, string>> = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "origin-agent-cluster": "?1",
  "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

/** A worker uses the policy of its own script, so each script is served with one. */
function policyOf(path: string): string {
  if (path === apiReference) return referencePolicy;
  return basename(path).startsWith("preview-worker") ? previewPolicy : pagePolicy;
}

/** The editor sets styles by script. `wasm-unsafe-eval` allows WebAssembly to be compiled, but not `eval`. */
const pagePolicy = policy({
  "default-src": "'none'",
  "script-src": "'self' 'wasm-unsafe-eval'",
  "style-src": "'self' 'unsafe-inline'",
  "img-src": "'self' data:",
  "font-src": "'self'",
  "connect-src": "'self'",
  "worker-src": "'self'",
  "manifest-src": "'self'",
  "form-action": "'self'",
  "base-uri": "'none'",
  "frame-ancestors": "'none'",
});

/** The API reference generates its own styles, and connects to this server only. */
const referencePolicy = policy({
  "default-src": "'none'",
  "script-src": "'self'",
  "style-src": "'self' 'unsafe-inline'",
  "img-src": "'self' data:",
  "font-src": "'self' data:",
  "connect-src": "'self'",
  "form-action": "'none'",
  "base-uri": "'none'",
  "frame-ancestors": "'none'",
});

/** A previewed draft may fetch from any host that its author chooses. */
const previewPolicy = policy({
  "default-src": "'none'",
  "script-src": "'self' 'wasm-unsafe-eval'",
  "connect-src": "*",
  "base-uri": "'none'",
  "frame-ancestors": "'none'",
});

function policy(directives: Readonly<Record<string, string>>): string {
  return Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources}`)
    .join("; ");
}
