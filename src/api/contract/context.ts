import type { Context } from "hono";
import type { ApiKeyView } from "./api-key.ts";

/** The variables of a request that has been authenticated. */
export interface Authenticated {
  readonly Variables: {
    apiKey: ApiKeyView;
    /** For a session: the latest time at which it ends, in milliseconds since the Unix epoch. */
    sessionExpiresAt?: number;
    /** Headers of the rate limit that the request counts against. */
    rateLimit?: Readonly<Record<string, string>>;
    /**
     * Takes a place among the requests that wait for an execution, until it is disposed of; `undefined` if all are
     * taken.
     */
    acquireWaitSlot: () => Disposable | undefined;
    /** The ID of the matched operation, if any. */
    operationId?: string;
    /** The path pattern of the matched route. */
    routePath?: string;
    /** What the request changes, if its path does not name it: for the audit log. */
    auditSubject?: string;
    /** What the audit log says of the request beside its subject. */
    auditNote?: string;
    /** Headers that replace those which prevent the response from being a document. */
    documentHeaders?: Readonly<Record<string, string>>;
  };
}

export type ApiContext = Context<Authenticated>;
