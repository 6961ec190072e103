import type { HeaderList } from "./http-headers.ts";

/** One request, as it is about to be sent, or was. */
interface Message {
  readonly url: URL;
  readonly headers: HeaderList;
  readonly body: Uint8Array;
}

/** The secrets of one execution, for one fetch. It remembers what it revealed. */
export interface Envelope {
  /** @throws {FetchError} `secret-refused`, `limit-exceeded` */
  reveal<T extends Message>(message: T): T;
  /** For short texts: takes all of the thread until it is done. */
  redactText(text: string): string;
  /**
   * Leaves the thread to others every few milliseconds.
   *
   * @param maxBytes of what comes out
   * @throws {FetchError} `limit-exceeded`; or the reason of `signal`
   */
  redactBytes(bytes: Uint8Array, maxBytes: number, signal?: AbortSignal): Promise<Uint8Array>;
}

/** For what has no secrets. */
export const openEnvelope: Envelope = {
  reveal: (message) => message,
  redactText: (text) => text,
  redactBytes: async (bytes) => bytes,
};
