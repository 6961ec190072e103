/** A response that replaces the network, written manually or recorded in an earlier run. */
export interface MockedFetch {
  /** Defaults to any method. */
  readonly method?: string;
  /** A URL with `*` as a wildcard: `https://api.example.com/orders/*`. */
  readonly url: string;
  /** How often it is used. Defaults to always. */
  readonly times?: number;
  readonly response: MockResponse;
}

export interface MockResponse {
  /** Defaults to 200. */
  readonly status?: number;
  readonly headers?: readonly (readonly [name: string, value: string])[];
  /** Text. A recorded binary response has `base64` instead. */
  readonly body?: string;
  readonly base64?: string;
}
