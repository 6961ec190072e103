import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { foundPackages, packageFiles, resolvedPackages, storedPackage } from "../contract/package.ts";
import type { PackageService } from "../contract/package.ts";
import { preferredEncoding } from "../http/accept.ts";
import { json } from "../http/answer.ts";
import { jsonBody } from "../http/body.ts";
import { immutable, isKnown } from "../http/entity-tag.ts";
import { defineRoute, type Route } from "../http/route.ts";
import {
  maxResolveBytes,
  packageParameters,
  packagesQuery,
  resolveRequest,
  tarballBody,
} from "./package-schema.ts";

const tag = "Packages";

export function packageRoutes(packages: PackageService): readonly Route[] {
  return [search(packages), upload(packages), resolve(packages), files(packages)];
}

function search(packages: PackageService): Route {
  return defineRoute({
    method: "get",
    path: "/packages",
    access: "workflows:deploy",
    filtersByWorkflow: true,
    operationId: "searchPackages",
    tag,
    summary: "Search for packages",
    description:
      "Searches the packages folder and, if `query` is not empty, the registry that the operator configured. Both are optional.",
    query: packagesQuery,
    answer: json(foundPackages, "The packages, those of the folder first"),
    errors: ["package-refused"],
    handle: async ({ query }) => await packages.search(query.query),
  });
}

function upload(packages: PackageService): Route {
  return defineRoute({
    method: "post",
    path: "/packages",
    access: "workflows:deploy",
    filtersByWorkflow: true,
    operationId: "uploadPackage",
    isAudited: true,
    tag,
    summary: "Upload a package",
    description:
      "Unpacks a .tgz, as `npm pack` makes it, and stores its files. No script of it runs. A source names it in `packages` as `upload:` " +
      "and the digest. A package that no draft and no version uses is deleted after 30 days.",
    body: tarballBody,
    answer: json(storedPackage, "The package", { status: 201, headers: { location: "URL of its files" } }),
    errors: ["package-refused"],
    handle: async ({ body }, context) => {
      const added = await packages.add(body);
      context.header("location", `/packages/${added.digest}`);
      return added;
    },
  });
}

function resolve(packages: PackageService): Route {
  return defineRoute({
    method: "post",
    path: "/packages/resolve",
    access: "workflows:deploy",
    filtersByWorkflow: true,
    operationId: "resolvePackages",
    isAudited: true,
    tag,
    summary: "Resolve packages with their dependencies",
    description:
      "Downloads and stores what is not stored yet, and returns the lock for a draft or a deploy. No script of a package runs, and the integrity of " +
      "each download is verified.",
    body: jsonBody(resolveRequest, { maxBytes: maxResolveBytes }),
    answer: json(resolvedPackages, "The lock and its packages"),
    errors: ["package-refused", "registry-unavailable"],
    handle: async ({ body }) => await packages.resolve(body.packages, body.packageLock),
  });
}

function files(packages: PackageService): Route {
  return defineRoute({
    method: "get",
    path: "/packages/:digest",
    access: "workflows:read",
    filtersByWorkflow: true,
    operationId: "getPackageFiles",
    tag,
    summary: "Get the files of a package",
    description:
      "The files that can be imported, and types. A caller that knows the digest of a package may read it; a digest is in the sources that use it.",
    params: packageParameters,
    otherAnswers: [
      {
        status: 200,
        description: "Contents by path in the package",
        schema: packageFiles,
        headers: { etag: "Identifies the files", "cache-control": "The files are immutable" },
      },
      { status: 304, description: "The files match `If-None-Match`" },
    ],
    errors: ["package-not-found", "artifact-missing", "artifact-corrupt"],
    handle: async ({ params: { digest } }, context) => {
      const etag = `"${digest}"`;
      const bytes = await packages.files(digest);
      const headers = { etag, "cache-control": immutable, vary: "accept-encoding" };
      if (isKnown(context, etag)) return context.body(null, 304, headers);
      const isCompressed = preferredEncoding(context.req.header("accept-encoding"), ["gzip"]) === "gzip";
      const content = isCompressed ? await promisify(gzip)(bytes, { level: 4 }) : Uint8Array.from(bytes);
      return context.body(new Uint8Array(content), 200, {
        ...headers,
        "content-type": "application/json",
        ...(isCompressed ? { "content-encoding": "gzip" } : {}),
      });
    },
  });
}
