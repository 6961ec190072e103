import type { z } from "zod";
import type { ApiContext } from "../contract/context.ts";
import { toWire, type View } from "../contract/wire.ts";

/** A successful response of a route, as the OpenAPI document describes it. */
export interface Answer {
  readonly status: number;
  readonly description: string;
  readonly schema?: z.ZodType;
  /** Defaults to `application/json`. */
  readonly mediaType?: string;
  /** Other media types that a request may ask for; no schema describes these. */
  readonly otherMediaTypes?: readonly string[];
  /** Descriptions by header name. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A response that is made of what the handler returns. */
export interface AnswerOf<Value> extends Answer {
  readonly respond: (value: Value, context: ApiContext) => Response;
}

interface AnswerOptions extends Pick<Answer, "headers" | "otherMediaTypes"> {
  /** Defaults to 200. */
  readonly status?: 200 | 201 | 202;
}

/** JSON. Handlers return the resource, with times as numbers. */
export function json<Schema extends z.ZodType>(
  schema: Schema,
  description: string,
  { status = 200, ...options }: AnswerOptions = {},
): AnswerOf<View<Schema>> {
  return {
    status,
    description,
    schema,
    ...options,
    respond: (value, context) => context.json(toWire(schema, value) as object, status),
  };
}

/** A response without a body. */
export function noContent(description: string, options: Pick<Answer, "headers"> = {}): AnswerOf<void> {
  return { status: 204, description, ...options, respond: (_value, context) => context.body(null, 204) };
}
