/** A typed client of Duranium's HTTP API, for browsers and Node. */

export { createClient } from "./client.ts";
export type { ClientOptions, DuraniumClient } from "./client.ts";
export type { FollowOptions, LogEvent } from "./log-stream.ts";
export type * from "./openapi.ts";
export { ProblemError } from "./problem-error.ts";
export type { ProblemCode } from "./problem-error.ts";
export type * from "./schemas.ts";
