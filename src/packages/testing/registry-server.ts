import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import ssri from "ssri";
import { packed } from "./tarball.ts";

export interface PublishedPackage {
  readonly name: string;
  readonly version: string;
  /** More members of its manifest. */
  readonly manifest?: Readonly<Record<string, unknown>>;
  readonly files?: Readonly<Record<string, string>>;
  /** In place of what the files make. */
  readonly tarball?: Uint8Array;
  /** In place of what the registry states about the tarball. */
  readonly dist?: Readonly<Record<string, unknown>>;
}

export interface RegistryServer extends AsyncDisposable {
  readonly url: string;
  /** The paths that were requested, and the token with each. */
  readonly requests: { readonly path: string; readonly authorization: string | undefined }[];
  publish(...packages: readonly PublishedPackage[]): void;
  /** Answers a path by hand. */
  answer(
    path: string,
    answer: { readonly status?: number; readonly headers?: object; readonly body?: string },
  ): void;
}

/** A registry on the loopback interface in the protocol of npm: packuments, tarballs and a search. */
export async function startRegistry(): Promise<RegistryServer> {
  const published = new Map<string, Map<string, PublishedPackage>>();
  const answers = new Map<string, { status?: number; headers?: object; body?: string }>();
  const requests: RegistryServer["requests"] = [];
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://registry");
    requests.push({ path: pathname, authorization: request.headers.authorization });
    const byHand = answers.get(pathname);
    const reply = (status: number, body: string | Uint8Array, headers = {}) =>
      response.writeHead(status, headers).end(body);
    if (byHand !== undefined) return reply(byHand.status ?? 200, byHand.body ?? "", byHand.headers ?? {});
    if (pathname === "/-/v1/search") return reply(200, searched(published, searchParams.get("text") ?? ""));
    const [, name = "", file] = /^\/((?:@[^/]+(?:\/|%2[fF]))?[^/]+)(?:\/-\/(.+)\.tgz)?$/.exec(pathname) ?? [];
    const versions = published.get(decodeURIComponent(name));
    if (versions === undefined) return reply(404, '{"error":"not found"}');
    if (file === undefined) return reply(200, packumentOf(versions, url()));
    const found = versions.get(file);
    return found === undefined ? reply(404, "") : reply(200, tarballOf(found));
  });
  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: url(),
    requests,
    publish(...packages) {
      for (const each of packages) {
        const versions = published.get(each.name) ?? new Map<string, PublishedPackage>();
        published.set(each.name, versions.set(each.version, each));
      }
    },
    answer: (path, answer) => void answers.set(path, answer),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function tarballOf({ name, version, manifest = {}, files, tarball }: PublishedPackage): Uint8Array {
  return tarball ?? packed({ name, version, ...manifest }, files);
}

function packumentOf(versions: ReadonlyMap<string, PublishedPackage>, url: string): string {
  const facts = [...versions].map(([version, each]) => {
    const tarball = `${url}${each.name}/-/${version}.tgz`;
    const integrity = ssri.fromData(Buffer.from(tarballOf(each))).toString();
    return [
      version,
      { name: each.name, version, ...each.manifest, dist: { tarball, integrity, ...each.dist } },
    ];
  });
  return JSON.stringify({
    "dist-tags": { latest: [...versions.keys()].at(-1) },
    versions: Object.fromEntries(facts),
  });
}

function searched(
  published: ReadonlyMap<string, ReadonlyMap<string, PublishedPackage>>,
  text: string,
): string {
  const names = [...published.keys()].filter((name) => name.includes(text));
  const objects = names.map((name) => ({
    package: {
      name,
      version: [...(published.get(name)?.keys() ?? [])].at(-1),
      description: `The package ${name}`,
    },
  }));
  return JSON.stringify({ objects });
}
