import type { HeaderList } from "./http-headers.ts";

/** The parts of one request or response that may contain secrets. */
interface Message {
  readonly url: URL;
  readonly headers: HeaderList;
  readonly body: Uint8Array;
}

/** The secrets of one execution, for one fetch. It tracks the secrets that it revealed, in order to redact them. */
export interface Envelope {
  /** @throws {FetchError} `secret-refused`, `limit-exceeded` */
  reveal<T extends Message>(message: T): Promise<T>;
  /** Redacts a short text synchronously. */
  redactText(text: string): string;
  /**
   * Redacts a body, and yields to the event loop every few milliseconds.
   *
   * @param maxBytes the maximum size of the output
   * @throws {FetchError} `limit-exceeded`; or the reason of `signal`
   */
  redactBytes(bytes: Uint8Array, maxBytes: number, signal?: AbortSignal): Promise<Uint8Array>;
}

/** An envelope without secrets. */
export const openEnvelope: Envelope = {
  reveal: async (message) => message,
  redactText: (text) => text,
  redactBytes: async (bytes) => bytes,
};
