/**
 * Limits each of many keys to a rate in bytes per second: a token bucket that may go into debt. Bytes are counted once their
 * number is known, and later bytes of the key are delayed until the debt is paid.
 */
export interface ByteRate {
  /** The delay for the next bytes of this key, in milliseconds. */
  delayOf(key: string): number;
  /** Counts bytes of this key. */
  count(key: string, bytes: number): void;
}

export interface ByteRateOptions {
  readonly bytesPerSecond: number;
  /** How many bytes a key may use without delay after a pause. */
  readonly burstBytes: number;
  /** A monotonic clock in milliseconds. */
  readonly now?: () => number;
}

/** The number of keys from which on keys without a debt are deleted. */
const keysBeforePruning = 1_000;

export function createByteRate({
  bytesPerSecond,
  burstBytes,
  now = () => performance.now(),
}: ByteRateOptions): ByteRate {
  const msPerByte = 1_000 / bytesPerSecond;
  /** The time at which the debt of each key is paid. */
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
