import type { RecordedRequest } from "./server.ts";

/** What a service of a case answers: JSON, or a text. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly body?: string;
}

/** A request with its path after the name of the case. */
export type AnsweredRequest = RecordedRequest & { readonly rest: string };

/** By the name of the case. */
export const answers: Readonly<Record<string, (request: AnsweredRequest) => Answer>> = {};
