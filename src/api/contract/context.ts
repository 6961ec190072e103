import type { Context } from "hono";
import type { ApiKeyView } from "./services.ts";

/** What a request carries once it is known whose it is. */
export interface Authenticated {
  readonly Variables: {
    apiKey: ApiKeyView;
    /** Where it is a session's: when that ends at the latest, in milliseconds since the Unix epoch. */
    sessionExpiresAt?: number;
    /** What the answer says of the rate limit that the request counts in, by header. */
    rateLimit?: Readonly<Record<string, string>>;
    /** A place among the requests that wait for an execution, until it is disposed of; `undefined` where there is none. */
    acquireWaitSlot: () => Disposable | undefined;
    /** The operation that answers, where there is one. */
    operationId?: string;
    /** Its path, as the route has it. */
    routePath?: string;
    /** What the request changes, where its path does not say it: for the audit log. */
    auditSubject?: string;
    /** Headers by name that an answer has in place of those that keep it from being a document. */
    documentHeaders?: Readonly<Record<string, string>>;
  };
}

export type ApiContext = Context<Authenticated>;
