import { z } from "zod";
import { isDigest } from "../../base/digest.ts";
import type { Digest } from "../../base/digest.ts";
import { maxEngineFileBytes } from "../../domain/engines/limits.ts";
import { DuraniumError } from "../../domain/errors.ts";
import { installedEngine } from "../contract/engine.ts";
import type { EngineEncoding, EngineService } from "../contract/engine.ts";
import { preferredEncoding } from "../http/accept.ts";
import { json, noContent } from "../http/answer.ts";
import { readBytes } from "../http/body.ts";
import type { BodyReader } from "../http/body.ts";
import { immutable, isKnown } from "../http/entity-tag.ts";
import { defineRoute, type Route } from "../http/route.ts";
import { engine, engineParameters, engineQuery, moduleParameters } from "./engine-schema.ts";

const tag = "Engines";

export function engineRoutes(engines: EngineService): readonly Route[] {
  return [
    current(engines),
    download(engines),
    list(engines),
    get(engines),
    exportFile(engines),
    add(engines),
    remove(engines),
  ];
}

function current(engines: EngineService): Route {
  return defineRoute({
    method: "get",
    path: "/engine",
    access: "public",
    operationId: "getEngine",
    tag,
    summary: "Get the current engine of a language",
    query: engineQuery,
    answer: json(engine, "The engine and the URL of its module"),
    errors: ["engine-unavailable", "engine-not-installed"],
    handle: async ({ query }) => {
      const { digest, protocolVersion, bytes } = await engines.current(query.language);
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
    params: moduleParameters,
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
    errors: ["engine-unavailable", "route-not-found", "artifact-corrupt", "artifact-missing"],
    handle: async ({ params }, context) => {
      const digest = digestOfModule(params.module);
      const encoding = preferredEncoding(context.req.header("accept-encoding"), encodings);
      const etag = `"${digest}${encoding === undefined ? "" : `-${encoding}`}"`;
      const headers = { etag, "cache-control": immutable, vary: "accept-encoding" };
      if (isKnown(context, etag)) return context.body(null, 304, headers);
      const bytes = await engines.module(digest, encoding);
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

/** @throws {DuraniumError} `route-not-found` */
function digestOfModule(name: string): Digest {
  const digest = name.replace(/\.wasm$/, "");
  if (digest !== name && isDigest(digest)) return digest;
  throw new DuraniumError(
    "route-not-found",
    "No engine at this URL. GET /engine returns that of the current engine",
  );
}

function list(engines: EngineService): Route {
  return defineRoute({
    method: "get",
    path: "/engines",
    access: "workflows:read",
    operationId: "listEngines",
    tag,
    summary: "List the engines of the installation",
    description:
      "The engine of this release, and those that were added. There are few, so the list has no pages.",
    answer: json(z.strictObject({ items: z.array(installedEngine) }), "The engines"),
    errors: ["engine-unavailable"],
    handle: async () => ({ items: [...(await engines.list())] }),
  });
}

function get(engines: EngineService): Route {
  return defineRoute({
    method: "get",
    path: "/engines/:digest",
    access: "workflows:read",
    operationId: "getInstalledEngine",
    tag,
    summary: "Get an engine",
    params: engineParameters,
    answer: json(installedEngine, "The engine"),
    errors: ["engine-not-found", "engine-unavailable"],
    handle: async ({ params }) => await engines.get(params.digest),
  });
}

function exportFile(engines: EngineService): Route {
  return defineRoute({
    method: "get",
    path: "/engines/:digest/content",
    access: "workflows:read",
    operationId: "exportEngine",
    tag,
    summary: "Export an engine as a file",
    description:
      "The file that `POST /engines` of another installation imports. The engine of the release is part of it, and is not exported.",
    params: engineParameters,
    otherAnswers: [
      {
        status: 200,
        description: "The engine file",
        mediaType: "application/octet-stream",
        headers: { "content-disposition": "A file name" },
      },
    ],
    errors: ["engine-not-found", "artifact-corrupt", "artifact-missing"],
    handle: async ({ params }, context) => {
      const { bytes, name } = await engines.file(params.digest);
      return context.body(Uint8Array.from(bytes), 200, {
        "content-type": "application/octet-stream",
        "content-length": String(bytes.length),
        "content-disposition": `attachment; filename="${name}"`,
      });
    },
  });
}

const engineFile: BodyReader<Uint8Array> = {
  required: true,
  content: {
    "application/octet-stream": {
      schema: z.string().meta({ description: "An engine file", format: "binary" }),
    },
  },
  async read(request) {
    const bytes = await readBytes(request, maxEngineFileBytes, "the engine file");
    if (bytes.length > 0) return bytes;
    throw new DuraniumError("invalid-request", "Cannot add an engine: the body is empty");
  },
};

function add(engines: EngineService): Route {
  return defineRoute({
    method: "post",
    path: "/engines",
    access: "engines:manage",
    operationId: "addEngine",
    isAudited: true,
    tag,
    summary: "Add an engine",
    description:
      "Imports an engine file. All executors can use the engine, and new versions of its language get it; " +
      "versions that exist keep theirs. The file of an engine that exists makes it the current one.",
    body: engineFile,
    answer: json(installedEngine, "The engine", { status: 201, headers: { location: "URL of the engine" } }),
    errors: ["invalid-engine"],
    handle: async ({ body }, context) => {
      const added = await engines.add(body, context.get("apiKey").name);
      context.set("auditNote", `${added.language} ${added.languageVersion}, ${added.digest}`);
      context.header("location", `/engines/${added.digest}`);
      return added;
    },
  });
}

function remove(engines: EngineService): Route {
  return defineRoute({
    method: "delete",
    path: "/engines/:digest",
    access: "engines:manage",
    operationId: "removeEngine",
    isAudited: true,
    tag,
    summary: "Remove an engine",
    description:
      "Possible while no version was deployed with it: versions and their executions need their engine. If it is the " +
      "current one, the engine of its language that was added last before becomes current.",
    params: engineParameters,
    answer: noContent("The engine was removed"),
    errors: ["engine-not-found", "engine-in-use"],
    handle: async ({ params }) => await engines.remove(params.digest),
  });
}
