import { maxSinglePartBytes } from "./limits.ts";
import { createStorageClient } from "./requests.ts";
import type { ObjectStorageLocation, StorageClient } from "./requests.ts";
import { abortUploads, uploadInParts } from "./uploads.ts";
import { readElement, readElements } from "./xml.ts";

export interface StoredObject {
  readonly key: string;
  /** By the clock of the service, in milliseconds since the Unix epoch. */
  readonly modifiedAt: number;
}

/**
 * Objects in a bucket of a service with the API of S3, with strongly consistent reads and lists. All methods repeat
 * requests that fail for a while.
 *
 * @throws {DuraniumError} every method `object-storage-unavailable` if the service does not respond or is overloaded,
 *   `object-storage-refused` if it rejects the request
 */
export interface ObjectStorage extends AsyncDisposable {
  /** `s3://bucket/prefix`, for messages. */
  readonly url: string;
  /** Reads an object into an array of the caller's; undefined if there is none. */
  get(key: string): Promise<Uint8Array | undefined>;
  /**
   * Writes an object; the service verifies the digest of what it receives.
   *
   * @returns false if `isNew` and there is an object with that key already, which is left as it is
   */
  put(key: string, bytes: Uint8Array, options?: { readonly isNew?: boolean }): Promise<boolean>;
  /** Removes an object. A missing one is not an error. */
  remove(key: string): Promise<void>;
  /** Lists the objects whose keys begin with the prefix, in the order of their keys. */
  list(prefix: string): AsyncIterable<StoredObject>;
  /** Aborts uploads below the prefix that began before that time. */
  abortUploads(prefix: string, before: number): Promise<void>;
}

export function openObjectStorage(location: ObjectStorageLocation): ObjectStorage {
  const client = createStorageClient(location);
  return {
    url: client.url,
    async get(key) {
      const { status, body } = await client.send({ verb: "read", method: "GET", key, handled: [404] });
      if (status !== 404) return body;
      await assertNoSuchKey(client, key, body);
      return undefined;
    },
    put: async (key, bytes, { isNew = false } = {}) => await put(client, key, bytes, isNew),
    async remove(key) {
      await client.send({ verb: "delete", method: "DELETE", key });
    },
    list: (prefix) => list(client, prefix),
    abortUploads: async (prefix, before) => await abortUploads(client, prefix, before),
    [Symbol.asyncDispose]: async () => await client[Symbol.asyncDispose](),
  };
}

/** A missing bucket has the same status as a missing object; a request to the bucket says more. */
async function assertNoSuchKey(client: StorageClient, key: string, body: Uint8Array): Promise<void> {
  if (readElement(new TextDecoder().decode(body), "Code") === "NoSuchKey") return;
  await client.send({
    verb: "read",
    method: "GET",
    query: { "list-type": "2", prefix: key, "max-keys": "1" },
  });
}

async function put(client: StorageClient, key: string, bytes: Uint8Array, isNew: boolean): Promise<boolean> {
  const condition = isNew ? { "if-none-match": "*" } : {};
  if (bytes.length > maxSinglePartBytes) return await uploadInParts(client, key, bytes, condition);
  const { status } = await client.send({
    verb: "write",
    method: "PUT",
    key,
    headers: condition,
    body: bytes,
    handled: [412],
  });
  return status !== 412;
}

async function* list(client: StorageClient, prefix: string): AsyncGenerator<StoredObject> {
  const skipped = client.prefix === "" ? 0 : client.prefix.length + 1;
  const start = [client.prefix, prefix].filter((part) => part !== "").join("/");
  let after: string | undefined;
  do {
    const continuation = after === undefined ? {} : { "continuation-token": after };
    const query = { "list-type": "2", prefix: start, ...continuation };
    const { body } = await client.send({ verb: "list", method: "GET", query });
    const page = new TextDecoder().decode(body);
    for (const { Key: key, LastModified: modified } of readElements(page, "Contents", [
      "Key",
      "LastModified",
    ]))
      yield { key: key.slice(skipped), modifiedAt: Date.parse(modified) };
    after = readElement(page, "NextContinuationToken");
  } while (after !== undefined && after !== "");
}
