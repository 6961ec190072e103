import { Agent, request } from "undici";
import { createSemaphore } from "../base/concurrency/semaphore.ts";
import type { Semaphore } from "../base/concurrency/semaphore.ts";
import { DuraniumError, messageOf } from "../domain/errors.ts";
import {
  maxPackumentBytes,
  maxRegistryRedirects,
  maxRegistryRequests,
  maxSearchBytes,
  maxSearchItems,
  maxTarballBytes,
  registryTimeoutMs,
} from "./limits.ts";
import { readIntegrity } from "./integrity.ts";
import { isPackageName, manifestOf } from "./manifest.ts";
import type { Manifest } from "./manifest.ts";

/** The registry that the operator configured. */
export interface RegistryAddress {
  /** Ends with a slash. */
  readonly url: string;
  /** Sent as a bearer token, to this registry only. */
  readonly token?: string;
}

/** What a registry says about a package. */
export interface Packument {
  readonly versions: readonly string[];
  readonly tags: ReadonlyMap<string, string>;
  readonly deprecated: ReadonlySet<string>;
  /** Undefined if the registry's data of the version is not valid. */
  version(version: string): RegistryVersion | undefined;
}

export interface RegistryVersion extends Manifest {
  readonly tarball: string;
  /** Subresource integrity; of old packages, a SHA-1. Empty if the registry states none that is valid. */
  readonly integrity: string;
}

export interface FoundPackage {
  readonly name: string;
  readonly version: string;
  readonly description?: string;
}

/** A client of a registry in the protocol of npm. It connects to the origin of the registry and to no other. */
export interface Registry extends AsyncDisposable {
  /** Undefined if the registry does not have the package. */
  packument(name: string): Promise<Packument | undefined>;
  tarball(version: RegistryVersion): Promise<Uint8Array>;
  search(text: string): Promise<readonly FoundPackage[]>;
}

/** Every method throws `registry-unavailable` if the registry does not answer, or not as a registry does. */
export function openRegistry(address: RegistryAddress): Registry {
  const agent = new Agent({
    headersTimeout: registryTimeoutMs,
    bodyTimeout: registryTimeoutMs,
  });
  const client: Client = { agent, address, semaphore: createSemaphore(maxRegistryRequests) };
  const packuments = new Map<string, Promise<Packument | undefined>>();
  return {
    packument(name) {
      const known = packuments.get(name) ?? readPackument(client, name);
      packuments.set(name, known);
      return known;
    },
    tarball: async ({ tarball }) => {
      const bytes = await get(client, tarball, { maxBytes: maxTarballBytes });
      if (bytes !== undefined) return bytes;
      throw unavailable(address, `it has no ${pathIn(tarball)}`);
    },
    search: async (text) => await search(client, text),
    [Symbol.asyncDispose]: async () => await agent.destroy(),
  };
}

interface Client {
  readonly agent: Agent;
  readonly semaphore: Semaphore;
  readonly address: RegistryAddress;
}

/** Only what installing needs, which is a tenth of the whole document. */
const installAccept = "application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8";

async function readPackument(client: Client, name: string): Promise<Packument | undefined> {
  const path = name.startsWith("@") ? `@${encodeURIComponent(name.slice(1))}` : encodeURIComponent(name);
  const options = { maxBytes: maxPackumentBytes, accept: installAccept };
  const bytes = await get(client, new URL(path, client.address.url).href, options);
  if (bytes === undefined) return undefined;
  const document = objectOf(parse(client, bytes));
  const versions = new Map(Object.entries(objectOf(document["versions"])));
  const tags = Object.entries(objectOf(document["dist-tags"])).flatMap(([tag, version]) =>
    typeof version === "string" ? [[tag, version] as const] : [],
  );
  return {
    versions: [...versions.keys()],
    tags: new Map(tags),
    deprecated: new Set(
      [...versions].filter(([, facts]) => isDeprecated(objectOf(facts))).map(([version]) => version),
    ),
    version: (version) => versionOf(objectOf(versions.get(version)), { name, version }),
  };
}

function versionOf(
  facts: Readonly<Record<string, unknown>>,
  { name, version }: { readonly name: string; readonly version: string },
): RegistryVersion | undefined {
  const manifest = manifestOf(facts);
  const { tarball, integrity, shasum } = objectOf(facts["dist"]);
  if (manifest === undefined || manifest.name !== name || manifest.version !== version) return undefined;
  if (typeof tarball !== "string") return undefined;
  const sha1 = typeof shasum === "string" && /^[0-9a-f]{40}$/i.test(shasum) ? shasum : undefined;
  const known =
    typeof integrity === "string" ? integrity : sha1 && `sha1-${Buffer.from(sha1, "hex").toString("base64")}`;
  return known === undefined ? undefined : { ...manifest, tarball, integrity: readIntegrity(known) };
}

function isDeprecated({ deprecated }: Readonly<Record<string, unknown>>): boolean {
  return typeof deprecated === "string" && deprecated !== "";
}

/** Registries without a search answer 404 and find nothing. */
async function search(client: Client, text: string): Promise<readonly FoundPackage[]> {
  const url = new URL("-/v1/search", client.address.url);
  url.searchParams.set("text", text);
  url.searchParams.set("size", String(maxSearchItems));
  const bytes = await get(client, url.href, { maxBytes: maxSearchBytes, accept: "application/json" });
  if (bytes === undefined) return [];
  const { objects } = objectOf(parse(client, bytes));
  return (Array.isArray(objects) ? objects : []).slice(0, maxSearchItems).flatMap((found: unknown) => {
    const { name, version, description } = objectOf(objectOf(found)["package"]);
    if (typeof name !== "string" || !isPackageName(name) || typeof version !== "string") return [];
    const about = typeof description === "string" ? { description: visible(description).slice(0, 300) } : {};
    return [{ name, version: visible(version).slice(0, 100), ...about }];
  });
}

/** Without what reverses or hides the text around it. */
function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, "");
}

interface GetOptions {
  readonly maxBytes: number;
  readonly accept?: string;
}

/** Returns undefined for 404. Redirects are followed within the origin of the registry. */
async function get(client: Client, url: string, options: GetOptions): Promise<Uint8Array | undefined> {
  using _permit = await client.semaphore.take();
  let target = url;
  for (let redirects = 0; ; redirects += 1) {
    assertOrigin(client.address, target);
    const { statusCode, headers, body } = await send(client, target, options.accept);
    const location = headers["location"];
    if (statusCode >= 300 && statusCode < 400 && typeof location === "string") {
      await body.dump();
      if (redirects >= maxRegistryRedirects) throw unavailable(client.address, "it redirects too often");
      target = URL.parse(location, target)?.href ?? "";
      continue;
    }
    if (statusCode === 200) return await readBody(client, body, { path: pathIn(url), ...options });
    await body.dump();
    if (statusCode === 404) return undefined;
    throw unavailable(client.address, `it answers ${statusCode} for ${pathIn(url)}`);
  }
}

async function send({ agent, address }: Client, url: string, accept = "*/*") {
  const { token } = address;
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  try {
    return await request(url, {
      dispatcher: agent,
      headers: { accept, "user-agent": "duranium", ...authorization },
      signal: AbortSignal.timeout(registryTimeoutMs),
    });
  } catch (cause) {
    throw unavailable(address, messageOf(cause), cause);
  }
}

async function readBody(
  { address }: Client,
  body: AsyncIterable<Uint8Array> & { destroy(): unknown },
  { maxBytes, path }: GetOptions & { readonly path: string },
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      size += chunk.length;
      if (size > maxBytes) break;
      chunks.push(chunk);
    }
  } catch (cause) {
    throw unavailable(address, `${path} is incomplete: ${messageOf(cause)}`, cause);
  }
  if (size <= maxBytes) return new Uint8Array(Buffer.concat(chunks));
  body.destroy();
  throw unavailable(address, `${path} has more than ${maxBytes / 2 ** 20} MiB`);
}

/** Registries name the URLs of tarballs themselves, and redirect. Neither may lead to another host in the operator's network. */
function assertOrigin(address: RegistryAddress, url: string): void {
  const origin = URL.parse(url)?.origin;
  if (origin === new URL(address.url).origin) return;
  const shown = origin === undefined || origin === "null" ? "an invalid URL" : origin;
  throw unavailable(address, `it refers to ${shown}, and packages are downloaded from the registry only`);
}

function parse({ address }: Client, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw unavailable(address, "its answer is not JSON", cause);
  }
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return Object(value) as Record<string, unknown>;
}

function pathIn(url: string): string {
  return URL.parse(url)?.pathname.slice(0, 200) ?? url.slice(0, 200);
}

function unavailable({ url }: RegistryAddress, reason: string, cause?: unknown): DuraniumError {
  return new DuraniumError(
    "registry-unavailable",
    `Cannot read packages from ${new URL(url).origin}: ${reason}`,
    { cause },
  );
}
