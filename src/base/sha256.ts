import { createHash } from "node:crypto";
import type { Digest } from "./digest.ts";

/** SHA-256 of the bytes; of a string, of its UTF-8. */
export function digestOf(content: Uint8Array | string): Digest {
  return createHash("sha256").update(content).digest("hex") as Digest;
}
