import { ownMap } from "../../../core/primordials.ts";
import { randomUUID } from "../../../core/random.ts";

/** The blob URL store (File API, section 8.3) of one execution. */
const blobs = ownMap<string, Blob>();
const prefix = "blob:null/";

export function resetObjectUrls(): void {
  blobs.clear();
}

/** @throws {TypeError} if the value is not a blob */
export function createObjectUrl(blob: unknown): string {
  if (!(blob instanceof Blob)) throw new TypeError("URL.createObjectURL takes a Blob");
  const url = `${prefix}${randomUUID()}`;
  blobs.set(url, blob);
  return url;
}

export function revokeObjectUrl(url: string): void {
  blobs.delete(url);
}

/** The blob at a URL. The fragment of the URL is ignored. */
export function blobAt(url: string): Blob | undefined {
  return blobs.get(url.replace(/#.*$/, ""));
}
