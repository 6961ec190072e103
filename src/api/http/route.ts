import { z } from "zod";
import type { DuraniumError, ErrorCode } from "../../domain/errors.ts";
import type { Scope } from "../../domain/permissions.ts";
import type { ApiContext } from "../contract/context.ts";
import type { BodyReader } from "./body.ts";
import { isCollected, mergeErrors, parseWith, readQuery } from "./validation.ts";

/** One way in which a route answers when it does what was asked. */
export interface Answer {
  readonly status: number;
  readonly description: string;
  readonly schema?: z.ZodType;
  /** `application/json` unless given. */
  readonly mediaType?: string;
  /** What a request may ask for in its place; no schema describes those. */
  readonly otherMediaTypes?: readonly string[];
  /** Descriptions by header name. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What is known of a route besides its schemas. */
interface RouteFacts {
  readonly method: "get" | "post" | "put" | "patch" | "delete" | "options";
  /** As Hono has it: `/workflows/:workflowId`. */
  readonly path: string;
  /** The scope that a key needs. `any-key` routes take each key, and `public` ones need none. */
  readonly access: "public" | "any-key" | Scope;
  /**
   * The handler keeps to `workflowsOf(context)`, so keys that are bound to workflows may use the route. Those whose
   * path names a workflow or an execution need not say so, and all others are closed to such keys.
   */
  readonly filtersByWorkflow?: true;
  /** Brings work that goes on after the answer: refused first where there is too much to do. */
  readonly createsWork?: true;
  /** Its query is the sender's own, of any form: the handler reads it. */
  readonly allowsAnyQuery?: true;
  /** Answered however much there is to do. */
  readonly bypassesOverload?: true;
  /** Asked again and again by those who watch the process: counts in no limit of requests. */
  readonly isProbe?: true;
  readonly operationId: string;
  /** Whoever asks for it, and gets it or may not, is written down. */
  readonly isAudited?: true;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly answers: readonly Answer[];
  /** What this route adds to the errors that every route can answer with. */
  readonly errors: readonly ErrorCode[];
}

/** A route as the application registers it and as the OpenAPI document describes it. */
export interface Route extends RouteFacts {
  readonly params: z.ZodObject;
  readonly query: z.ZodObject;
  readonly headers: z.ZodObject;
  readonly body?: BodyReader<unknown>;
  handle(context: ApiContext): Promise<Response>;
}

/** A route as it is written: what its schemas let through is what its handler gets. */
interface RouteDefinition<
  Params extends z.ZodObject,
  Query extends z.ZodObject,
  Headers extends z.ZodObject,
  Body,
> extends RouteFacts {
  readonly params?: Params;
  readonly query?: Query;
  readonly headers?: Headers;
  readonly body?: BodyReader<Body>;
  handle(
    input: {
      readonly params: z.output<Params>;
      readonly query: z.output<Query>;
      readonly headers: z.output<Headers>;
      readonly body: Body;
    },
    context: ApiContext,
  ): Promise<Response> | Response;
}

/** Makes a route that reads and validates everything about a request before its handler sees any of it. */
export function defineRoute<
  Params extends z.ZodObject = z.ZodObject,
  Query extends z.ZodObject = z.ZodObject,
  Headers extends z.ZodObject = z.ZodObject,
  Body = undefined,
>(definition: RouteDefinition<Params, Query, Headers, Body>): Route {
  const { params = noFields as z.ZodObject as Params, allowsAnyQuery = false } = definition;
  const { query = (allowsAnyQuery ? anyFields : noFields) as z.ZodObject as Query } = definition;
  const { headers = anyFields as z.ZodObject as Headers, body } = definition;
  return {
    ...definition,
    params,
    query,
    headers,
    handle: async (context) => {
      const { read, done } = collectErrors();
      const input = {
        params: await read(() => parseWith(params, context.req.param(), "path")),
        query: await read(() =>
          parseWith(query, allowsAnyQuery ? {} : readQuery(context.req.url), "query parameter"),
        ),
        headers: await read(() => parseWith(headers, context.req.header(), "header")),
        body: await read(async () => (await body?.read(context.req.raw)) as Body),
      };
      done();
      return definition.handle(input, context);
    },
  };
}

/** Reads the parts of a request, so that all that is wrong in any of them is said at once. */
function collectErrors() {
  const errors: DuraniumError[] = [];
  return {
    /** What it resolves to is worth nothing where `done` throws. */
    read: async <T>(part: () => T | Promise<T>): Promise<T> => {
      try {
        return await part();
      } catch (error) {
        if (!isCollected(error)) throw errors[0] ?? error;
        errors.push(error);
        return undefined as T;
      }
    },
    done: () => {
      const [first, ...others] = errors;
      if (first !== undefined) throw mergeErrors([first, ...others]);
    },
  };
}

const noFields = z.strictObject({});

/** Unlike unknown query parameters, unknown headers are everyday. */
const anyFields = z.object({});
