import { z } from "zod";
import type { DuraniumError, ErrorCode } from "../../domain/errors.ts";
import type { Scope } from "../../domain/permissions.ts";
import type { ApiContext } from "../contract/context.ts";
import type { Answer, AnswerOf } from "./answer.ts";
import type { BodyReader } from "./body.ts";
import { isCollected, mergeErrors, parseWith, readQuery } from "./validation.ts";

/** The properties of a route other than its schemas. */
interface RouteFacts {
  readonly method: "get" | "post" | "put" | "patch" | "delete" | "options";
  /** The path in Hono's syntax: `/workflows/:workflowId`. */
  readonly path: string;
  /** The scope that a key needs. `any-key` routes accept every key, and `public` ones need none. */
  readonly access: "public" | "any-key" | Scope;
  /**
   * The handler restricts itself to `workflowsOf(context)`, so keys that are bound to workflows may use the route.
   * Routes whose path names a workflow or an execution do not need this, and such keys cannot use any other route.
   */
  readonly filtersByWorkflow?: true;
  /** Creates work that continues after the response: rejected first under overload. */
  readonly createsWork?: true;
  /** The query belongs to the sender and may have any form: the handler reads it. */
  readonly allowsAnyQuery?: true;
  /** Answered even under overload. */
  readonly bypassesOverload?: true;
  /** Called frequently by monitoring, so it counts against no rate limit. */
  readonly isProbe?: true;
  readonly operationId: string;
  /** Requests are recorded in the audit log, whether they succeed or are denied. */
  readonly isAudited?: true;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  /** Errors of this route in addition to those of every route and of its body. */
  readonly errors: readonly ErrorCode[];
}

/** A route as the application registers it and as the OpenAPI document describes it. */
export interface Route extends RouteFacts {
  readonly answers: readonly Answer[];
  readonly params: z.ZodObject;
  readonly query: z.ZodObject;
  readonly headers: z.ZodObject;
  readonly body?: BodyReader<unknown>;
  handle(context: ApiContext): Promise<Response>;
}

/** A route as written: its handler receives what its schemas produce, and returns what its answer is made of. */
interface RouteDefinition<
  Params extends z.ZodObject,
  Query extends z.ZodObject,
  Headers extends z.ZodObject,
  Body,
  Result,
> extends RouteFacts {
  readonly params?: Params;
  readonly query?: Query;
  readonly headers?: Headers;
  readonly body?: BodyReader<Body>;
  /** The answer that is made of what the handler returns. */
  readonly answer?: AnswerOf<Result>;
  /** Answers that the handler makes itself: it returns a `Response`. */
  readonly otherAnswers?: readonly Answer[];
  handle(
    input: {
      readonly params: z.output<Params>;
      readonly query: z.output<Query>;
      readonly headers: z.output<Headers>;
      readonly body: Body;
    },
    context: ApiContext,
  ): MaybePromise<NoInfer<Result> | Response>;
}

type MaybePromise<T> = T | Promise<T>;

/** Defines a route that reads and validates all parts of a request before its handler runs. */
export function defineRoute<
  Params extends z.ZodObject = z.ZodObject,
  Query extends z.ZodObject = z.ZodObject,
  Headers extends z.ZodObject = z.ZodObject,
  Body = undefined,
  Result = never,
>(definition: RouteDefinition<Params, Query, Headers, Body, Result>): Route {
  const { answer, otherAnswers = [], ...facts } = definition;
  const { params = noFields as z.ZodObject as Params, allowsAnyQuery = false } = definition;
  const { query = (allowsAnyQuery ? anyFields : noFields) as z.ZodObject as Query } = definition;
  const { headers = anyFields as z.ZodObject as Headers, body } = definition;
  return {
    ...facts,
    answers: [...(answer === undefined ? [] : [answer]), ...otherAnswers],
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
      const result = await definition.handle(input, context);
      if (result instanceof Response) return result;
      if (answer !== undefined) return answer.respond(result, context);
      throw new Error(`Route ${definition.operationId} has no answer for what its handler returned`);
    },
  };
}

/** Reads the parts of a request, and collects the errors of all parts so that one response reports them. */
function collectErrors() {
  const errors: DuraniumError[] = [];
  return {
    /** Do not use the resolved value if `done` throws. */
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

/** Clients send arbitrary headers, unlike arbitrary query parameters, so unknown headers are accepted. */
const anyFields = z.object({});
