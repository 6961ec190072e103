/**
 * A rate in bytes per second for each of many keys: a token bucket that may be in debt. Bytes are counted when they have come, and
 * whoever brings further ones waits until those before are paid for.
 */
export interface ByteRate {
  /** How long the next bytes of this key have to wait, in milliseconds. */
  delayOf(key: string): number;
  /** Counts bytes that were taken. */
  count(key: string, bytes: number): void;
}

export interface ByteRateOptions {
  readonly bytesPerSecond: number;
  /** What may be taken at once by a key that took nothing for a while. */
  readonly burstBytes: number;
  /** Milliseconds, from any moment on; never back. */
  readonly now?: () => number;
}

/** Keys that are remembered before those without a debt are looked for. */
const keysBeforePruning = 1_000;

export function createByteRate({
  bytesPerSecond,
  burstBytes,
  now = () => performance.now(),
}: ByteRateOptions): ByteRate {
  const msPerByte = 1_000 / bytesPerSecond;
  /** By key: when all that it took is paid for. */
  const paidAt = new Map<string, number>();

  function prune(at: number): void {
    for (const [key, paid] of paidAt) if (paid <= at) paidAt.delete(key);
  }

  return {
    delayOf: (key) => Math.max(0, (paidAt.get(key) ?? 0) - burstBytes * msPerByte - now()),
    count(key, bytes) {
      const at = now();
      if (paidAt.size >= keysBeforePruning) prune(at);
      paidAt.set(key, Math.max(at, paidAt.get(key) ?? 0) + bytes * msPerByte);
    },
  };
}
