import { createSemaphore } from "../../base/concurrency/semaphore.ts";
import { maxConcurrentParts, partBytes } from "./limits.ts";
import type { StorageClient } from "./requests.ts";
import { readElement, readElements } from "./xml.ts";

/**
 * Uploads an object in parts, each signed with its digest and repeated on its own. A failed upload is aborted; a crash
 * leaves one that `abortUploads` removes.
 *
 * @returns false if there is an object with that key, which is left as it is
 */
export async function uploadInParts(
  client: StorageClient,
  key: string,
  bytes: Uint8Array,
  condition: Readonly<Record<string, string>>,
): Promise<boolean> {
  const about = { verb: "write", key } as const;
  const started = await client.send({ ...about, method: "POST", query: { uploads: "" } });
  const uploadId = readElement(new TextDecoder().decode(started.body), "UploadId") ?? "";
  try {
    const tags = await uploadParts(client, { key, uploadId }, bytes);
    const body = new TextEncoder().encode(completion(tags));
    const completed = await client.send({
      ...about,
      method: "POST",
      query: { uploadId },
      headers: condition,
      body,
      // 404: an earlier attempt completed the upload, and its response was lost.
      handled: [404, 412],
    });
    if (completed.status === 412) await abort(client, { key, uploadId });
    return completed.status !== 412;
  } catch (error) {
    await abort(client, { key, uploadId }).catch(() => undefined);
    throw error;
  }
}

interface Upload {
  /** Below the prefix of the client. */
  readonly key: string;
  readonly uploadId: string;
}

/** @returns the entity tags of the parts */
async function uploadParts(
  client: StorageClient,
  { key, uploadId }: Upload,
  bytes: Uint8Array,
): Promise<readonly string[]> {
  const permits = createSemaphore(maxConcurrentParts);
  const count = Math.ceil(bytes.length / partBytes);
  const upload = async (index: number): Promise<string> => {
    using _permit = await permits.take();
    const body = bytes.subarray(index * partBytes, (index + 1) * partBytes);
    const query = { partNumber: String(index + 1), uploadId };
    const { headers } = await client.send({ verb: "write", method: "PUT", key, query, body });
    return String(headers["etag"] ?? "");
  };
  const uploads = Array.from({ length: count }, async (_, index) => await upload(index));
  try {
    return await Promise.all(uploads);
  } catch (error) {
    permits.close(new Error("another part failed"));
    await Promise.allSettled(uploads);
    throw error;
  }
}

function completion(tags: readonly string[]): string {
  const parts = tags.map(
    (tag, index) =>
      `<Part><PartNumber>${index + 1}</PartNumber><ETag>${tag.replaceAll('"', "&quot;")}</ETag></Part>`,
  );
  return `<CompleteMultipartUpload>${parts.join("")}</CompleteMultipartUpload>`;
}

async function abort(client: StorageClient, { key, uploadId }: Upload): Promise<void> {
  await client.send({ verb: "write", method: "DELETE", key, query: { uploadId }, handled: [404] });
}

/** Aborts uploads that began before that time, in milliseconds since the Unix epoch: crashes left them. */
export async function abortUploads(client: StorageClient, prefix: string, before: number): Promise<void> {
  const start = [client.prefix, prefix].filter((part) => part !== "").join("/");
  const { body } = await client.send({
    verb: "list",
    method: "GET",
    query: { uploads: "", prefix: start },
  });
  const uploads = readElements(new TextDecoder().decode(body), "Upload", ["Key", "UploadId", "Initiated"]);
  const skipped = client.prefix === "" ? 0 : client.prefix.length + 1;
  for (const { Key: key, UploadId: uploadId, Initiated: startedAt } of uploads) {
    if (Date.parse(startedAt) < before) await abort(client, { key: key.slice(skipped), uploadId });
  }
}
