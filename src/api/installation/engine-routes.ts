import { DuraniumError } from "../../domain/errors.ts";
import type { EngineEncoding, EngineService } from "../contract/services.ts";
import { preferredEncoding } from "../http/accept.ts";
import { json } from "../http/answer.ts";
import { immutable, isKnown } from "../http/entity-tag.ts";
import { defineRoute, type Route } from "../http/route.ts";
import { engine, engineParameters } from "./engine-schema.ts";

const tag = "Engine";

export function engineRoutes(engines: EngineService): readonly Route[] {
  return [get(engines), download(engines)];
}

function get(engines: EngineService): Route {
  return defineRoute({
    method: "get",
    path: "/engine",
    access: "public",
    operationId: "getEngine",
    tag,
    summary: "Get the current engine",
    answer: json(engine, "The engine and the URL of its module"),
    errors: ["engine-unavailable"],
    handle: async () => {
      const { digest, protocolVersion, bytes } = await engines.current();
      return { digest, protocolVersion, bytes, url: `/engine/${digest}.wasm` };
    },
  });
}

function download(engines: EngineService): Route {
  return defineRoute({
    method: "get",
    path: "/engine/:module",
    access: "public",
    operationId: "downloadEngine",
    tag,
    summary: "Download the engine as a WebAssembly module",
    description: "It imports the functions of `host` in `wit/runtime.wit`, and nothing else.",
    params: engineParameters,
    otherAnswers: [
      {
        status: 200,
        description: "The module, compressed if the request accepts it",
        mediaType: "application/wasm",
        headers: {
          etag: "Identifies the module in this encoding",
          "cache-control": "The module is immutable",
        },
      },
      { status: 304, description: "The module matches `If-None-Match`" },
    ],
    errors: ["engine-unavailable", "route-not-found"],
    handle: async ({ params }, context) => {
      const { digest } = await engines.current();
      if (params.module !== `${digest}.wasm`) throw otherEngine(context.req.path);
      const encoding = preferredEncoding(context.req.header("accept-encoding"), encodings);
      const etag = `"${digest}${encoding === undefined ? "" : `-${encoding}`}"`;
      const headers = { etag, "cache-control": immutable, vary: "accept-encoding" };
      if (isKnown(context, etag)) return context.body(null, 304, headers);
      const bytes = await engines.module(encoding);
      return context.body(bytes, 200, {
        ...headers,
        "content-type": "application/wasm",
        "content-length": String(bytes.length),
        ...(encoding === undefined ? {} : { "content-encoding": encoding }),
      });
    },
  });
}

/** The encoding with the smallest result is last. */
const encodings: readonly EngineEncoding[] = ["gzip", "br"];

function otherEngine(path: string): DuraniumError {
  return new DuraniumError(
    "route-not-found",
    `No engine at ${path}. GET /engine returns the URL of the current engine`,
  );
}
