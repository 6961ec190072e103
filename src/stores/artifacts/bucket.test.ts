import { randomBytes } from "node:crypto";
import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startFaultyProxy } from "../../../test/support/faulty-proxy.ts";
import type { Fault, FaultyProxy } from "../../../test/support/faulty-proxy.ts";
import { describeWithObjectStorage, startObjectStorage } from "../../../test/support/object-storage.ts";
import type { ObjectStorageServer } from "../../../test/support/object-storage.ts";
import type { Digest } from "../../base/digest.ts";
import { digestOf } from "../../base/sha256.ts";
import { openObjectStorage } from "../object-storage/object-storage.ts";
import type { ObjectStorageLocation } from "../object-storage/requests.ts";
import { describeArtifactStore } from "./artifacts.contract.ts";
import type { ArtifactStorage } from "./artifacts.ts";
import { openBucketEngines } from "./bucket-engines.ts";
import { createBucketArtifactStore } from "./bucket.ts";
import { openArtifacts } from "./open-artifacts.ts";

const dayMs = 24 * 60 * 60 * 1_000;

describeWithObjectStorage("artifacts in a bucket", () => {
  let server: ObjectStorageServer;
  let proxy: FaultyProxy;
  beforeAll(async () => {
    server = await startObjectStorage();
    proxy = await startFaultyProxy(server.endpoint);
  });
  afterAll(async () => {
    await proxy[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  /** The location of a new bucket behind the proxy. */
  async function newBucket(): Promise<ObjectStorageLocation> {
    const { accessKeyId, secretAccessKey } = server;
    return {
      bucket: await server.createBucket(),
      prefix: "some/prefix",
      region: "us-east-1",
      endpoint: proxy.url,
      credentials: {
        kind: "keys",
        accessKeyId: { value: accessKeyId },
        secretAccessKey: { value: secretAccessKey },
      },
      timeouts: { firstRetryDelayMs: 1 },
    };
  }

  async function damage({ bucket, prefix }: ObjectStorageLocation, digest: Digest, bytes: Uint8Array) {
    const body = bytes as Uint8Array<ArrayBuffer>;
    await server.request(`${bucket}/${prefix}/artifacts/${digest}`, { method: "PUT", body });
  }

  describeArtifactStore("a bucket", async () => {
    const location = await newBucket();
    const storage = openObjectStorage(location);
    return {
      store: createBucketArtifactStore(storage),
      damage: async (digest, bytes) => await damage(location, digest, bytes),
      placeOf: (digest) => `s3://${location.bucket}/some/prefix/artifacts/${digest}`,
      [Symbol.asyncDispose]: async () => await storage[Symbol.asyncDispose](),
    };
  });

  describeArtifactStore("a bucket with a cache", async () => {
    const folder = await mkdtempDisposable(join(tmpdir(), "duranium-cache-"));
    const location = await newBucket();
    const cacheOf = (name: string) => ({ directory: join(folder.path, name), maxBytes: 100_000_000 });
    await using stack = new AsyncDisposableStack();
    stack.use(folder);
    const store = stack.use(await openArtifacts({ bucket: location, cache: cacheOf("one") }));
    const reader = stack.use(await openArtifacts({ bucket: location, cache: cacheOf("other") }));
    const opened = stack.move();
    return {
      // What one process stored, another one reads.
      store: {
        put: async (bytes) => await store.put(bytes),
        get: async (digest) => await reader.get(digest),
      },
      damage: async (digest, bytes) => await damage(location, digest, bytes),
      placeOf: (digest) => `s3://${location.bucket}/some/prefix/artifacts/${digest}`,
      [Symbol.asyncDispose]: async () => await opened.disposeAsync(),
    };
  });

  test("an artifact of many megabytes is uploaded in parts, also by two processes at once", async () => {
    await using opened = await open();
    const bytes = new Uint8Array(randomBytes(20 * 1024 * 1024));
    const digests = await Promise.all([opened.store.put(bytes), opened.store.put(bytes)]);
    expect(digests).toEqual([digestOf(bytes), digestOf(bytes)]);
    expect(digestOf(await opened.store.get(digestOf(bytes)))).toBe(digestOf(bytes));
    expect(await Array.fromAsync(opened.store.list())).toEqual([digestOf(bytes)]);
  });

  const faults: readonly (readonly [string, Fault])[] = [
    ["a connection that is reset", { kind: "unavailable" }],
    ["a response that is cut off", { kind: "cut" }],
    ["SlowDown", { kind: "error", status: 503, code: "SlowDown" }],
    ["an internal error", { kind: "error", status: 500, code: "InternalError" }],
  ];

  test.each(faults)("requests are repeated after %s", async (_, fault) => {
    await using opened = await open();
    const bytes = new Uint8Array(randomBytes(1_000));
    proxy.inject(fault, 2);
    const digest = await opened.store.put(bytes);
    proxy.inject(fault, 2);
    expect(await opened.store.get(digest)).toEqual(bytes);
    expect(await Array.fromAsync(opened.store.list())).toEqual([digest]);
  });

  test("a large upload continues after failures of its parts, and leaves nothing behind if it fails", async () => {
    await using opened = await open();
    const bytes = new Uint8Array(randomBytes(20 * 1024 * 1024));
    proxy.inject({ kind: "error", status: 503, code: "SlowDown" }, 2);
    await opened.store.put(bytes);
    expect(await opened.hasUploads()).toBe(false);
    proxy.inject({ kind: "cut" }, 3);
    expect(digestOf(await opened.store.get(digestOf(bytes)))).toBe(digestOf(bytes));
  });

  test("a service that does not respond in time is unavailable, and says which it is", async () => {
    await using opened = await open({ timeouts: { readMs: 50, writeMs: 50, firstRetryDelayMs: 1 } });
    proxy.inject({ kind: "silent" });
    await expect(opened.store.get(digestOf("x"))).rejects.toMatchObject({
      code: "object-storage-unavailable",
      message: expect.stringContaining(`${proxy.url} does not respond`),
    });
    proxy.inject(undefined);
    await expect(opened.store.get(digestOf("x"))).rejects.toMatchObject({ code: "artifact-missing" });
  });

  test("bytes that are damaged on the way are read again", async () => {
    await using opened = await open();
    const bytes = new Uint8Array(randomBytes(1_000));
    const digest = await opened.store.put(bytes);
    proxy.inject({ kind: "damaged" }, 1);
    expect(await opened.store.get(digest)).toEqual(bytes);
  });

  test("a sweep removes old artifacts that nothing refers to, and keeps the others", async () => {
    await using opened = await open();
    const [named, named2, unnamed] = await putTexts(opened.store, "named", "named meanwhile", "unnamed");
    const sweep = async (before: number) =>
      await opened.store.sweep({
        named: new Set([named]),
        isNamed: (digest) => digest === named2,
        before,
      });
    expect(await sweep(Date.now() - dayMs)).toBe(0);
    expect(await sweep(Date.now() + dayMs)).toBe(1);
    expect(new Set(await Array.fromAsync(opened.store.list()))).toEqual(new Set([named, named2]));
    await expect(opened.store.get(unnamed)).rejects.toMatchObject({ code: "artifact-missing" });
  });

  test("an artifact that is stored again while a sweep removes it remains", async () => {
    await using opened = await open({ now: () => Date.now() + 2 * dayMs });
    const [digest] = await putTexts(opened.store, "again");
    const isNamed = async () => {
      await putTexts(opened.store, "again");
      return false;
    };
    expect(await opened.store.sweep({ named: new Set(), isNamed, before: Date.now() + dayMs })).toBe(1);
    expect(new TextDecoder().decode(await opened.store.get(digest))).toBe("again");
  });

  test("of an artifact in several copies that is referred to, a sweep keeps the newest", async () => {
    await using opened = await open({ now: () => Date.now() + 2 * dayMs });
    const [digest] = await putTexts(opened.store, "three copies");
    for (const _ of [2, 3]) await putTexts(opened.store, "three copies");
    expect(await opened.objects()).toHaveLength(3);
    const options = { named: new Set([digest]), isNamed: () => true, before: Date.now() + dayMs };
    expect(await opened.store.sweep(options)).toBe(0);
    expect(await opened.objects()).toHaveLength(1);
    expect(new TextDecoder().decode(await opened.store.get(digest))).toBe("three copies");
  });

  test("an engine is read as it was written, and one without metadata is missing", async () => {
    await using engines = openBucketEngines(await newBucket());
    const digest = digestOf("engine");
    const files = new Map([
      ["jco/engine.js", new Uint8Array([1])],
      ["metadata.json", new TextEncoder().encode('{"files":{"jco/engine.js":""}}')],
    ]);
    await engines.write(digest, new Map([...files].slice(0, 1)));
    expect(await engines.has(digest)).toBe(false);
    expect(await engines.read(digest)).toBeUndefined();
    await engines.write(digest, files);
    expect(await engines.has(digest)).toBe(true);
    expect(await engines.read(digest)).toEqual(files);
  });

  test("an engine whose metadata name a path outside of its folder is refused", async () => {
    await using engines = openBucketEngines(await newBucket());
    const metadata = new TextEncoder().encode('{"files":{"../../etc/passwd":""}}');
    await engines.write(digestOf("engine"), new Map([["metadata.json", metadata]]));
    await expect(engines.read(digestOf("engine"))).rejects.toMatchObject({ code: "artifact-corrupt" });
  });

  test("a list has all artifacts, also if it takes several pages", async () => {
    await using opened = await open();
    const texts = Array.from({ length: 1_005 }, (_, index) => `artifact ${index}`);
    for (let at = 0; at < texts.length; at += 100) await putTexts(opened.store, ...texts.slice(at, at + 100));
    expect(new Set(await Array.fromAsync(opened.store.list()))).toEqual(new Set(texts.map(digestOf)));
  });

  const refusals: readonly (readonly [string, Partial<ObjectStorageLocation>, string])[] = [
    ["a missing bucket", { bucket: "no-such-bucket" }, 'there is no bucket "no-such-bucket" at http'],
    ["an unknown access key", { credentials: keys("AKIANOBODY", "x") }, 'no access key "AKIANOBODY"'],
    ["a wrong secret", { credentials: keys("duranium-tests", "x") }, "the secret access key is not that of"],
  ];

  test.each(refusals)("%s is reported as such, and no request is repeated", async (_, wrong, message) => {
    await using opened = await open(wrong);
    const before = proxy.requests.length;
    await expect(opened.store.put(new Uint8Array([1]))).rejects.toMatchObject({
      code: "object-storage-refused",
      message: expect.stringContaining(message),
    });
    expect(proxy.requests).toHaveLength(before + 1);
    await expect(opened.store.get(digestOf("x"))).rejects.toThrow(message);
  });

  interface Opened extends AsyncDisposable {
    readonly store: ArtifactStorage;
    objects(): Promise<readonly string[]>;
    hasUploads(): Promise<boolean>;
  }

  async function open({
    now,
    ...wrong
  }: Partial<ObjectStorageLocation> & { readonly now?: () => number } = {}): Promise<Opened> {
    const location = { ...(await newBucket()), ...wrong };
    const storage = openObjectStorage(location);
    return {
      store: createBucketArtifactStore(storage, now),
      objects: async () => (await Array.fromAsync(storage.list(""))).map(({ key }) => key),
      async hasUploads() {
        const response = await server.request(`${location.bucket}?uploads`);
        return (await response.text()).includes("<Upload>");
      },
      async [Symbol.asyncDispose]() {
        proxy.inject(undefined);
        await storage[Symbol.asyncDispose]();
      },
    };
  }
});

function keys(accessKeyId: string, secretAccessKey: string): ObjectStorageLocation["credentials"] {
  return { kind: "keys", accessKeyId: { value: accessKeyId }, secretAccessKey: { value: secretAccessKey } };
}

async function putTexts<Texts extends readonly string[]>(
  store: ArtifactStorage,
  ...texts: Texts
): Promise<{ [Index in keyof Texts]: Digest }> {
  const digests = texts.map(async (text) => await store.put(new TextEncoder().encode(text)));
  return (await Promise.all(digests)) as { [Index in keyof Texts]: Digest };
}
